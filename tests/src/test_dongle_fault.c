/* One cause and one command for each fault, on systems that are made up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/dongle_fault.h"
#include "tests/src/opened.h"

enum { ACCESS = -3, NO_DEVICE = -4, NOT_FOUND = -5, BUSY = -6 };

/* The test's own folder, which is the working folder, is the root. */
static const char root[] = ".";

/* With all the folders on the way. */
static void make_folder(const char *path)
{
    char part[PATH_ROOM];

    for (size_t i = 1; i <= strlen(path); i++)
        if (path[i] == '/' || path[i] == '\0') {
            snprintf(part, sizeof part, "%.*s", (int)i, path);
            assert_true(mkdir(part, 0700) == 0 || errno == EEXIST);
        }
}

static void __attribute__((format(printf, 2, 3)))
make_file(const char *text, const char *format, ...)
{
    char path[PATH_ROOM];
    va_list args;

    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    char *name = strrchr(path, '/');
    *name = '\0';
    make_folder(path);
    *name = '/';
    put_text(path, text);
}

/* As sysfs has it: the interface is a folder of the device, and a link. */
static void plug_in(const char *port, const char *id, int bus, int device,
                    const char *driver)
{
    char path[PATH_ROOM], target[PATH_ROOM];
    const char *list = "sys/bus/usb/devices";

    make_file("0bda\n", "%s/%s/idVendor", list, port);
    make_file(id, "%s/%s/idProduct", list, port);
    snprintf(target, sizeof target, "%d\n", bus);
    make_file(target, "%s/%s/busnum", list, port);
    snprintf(target, sizeof target, "%d\n", device);
    make_file(target, "%s/%s/devnum", list, port);
    snprintf(path, sizeof path, "%s/%s/%s:1.0", list, port, port);
    make_folder(path);
    snprintf(target, sizeof target, "%s/%s:1.0", port, port);
    snprintf(path, sizeof path, "%s/%s:1.0", list, port);
    assert_int_equal(symlink(target, path), 0);
    if (driver == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s/%s:1.0/driver", list, port, port);
    snprintf(target, sizeof target, "../../../../bus/usb/drivers/%s", driver);
    assert_int_equal(symlink(target, path), 0);
}

static void run_process(long pid, const char *name, const char *open)
{
    char path[PATH_ROOM];

    make_file(name, "proc/%ld/comm", pid);
    snprintf(path, sizeof path, "proc/%ld/fd", pid);
    make_folder(path);
    snprintf(path, sizeof path, "proc/%ld/fd/0", pid);
    assert_int_equal(symlink("/dev/null", path), 0);
    snprintf(path, sizeof path, "proc/%ld/fd/5", pid);
    assert_int_equal(symlink(open, path), 0);
}

/* One sentence without its full stop, and at most one line to type. */
static struct dongle_fault is_sound(struct dongle_fault f)
{
    const size_t n = strlen(f.cause);

    assert_true(f.code < 0);
    assert_true(n > 0 && n < sizeof f.cause);
    assert_true(f.cause[n - 1] != '.');
    assert_null(strpbrk(f.cause, "\n\r\033"));
    assert_true(strlen(f.command) < sizeof f.command);
    assert_null(strpbrk(f.command, "\n\r\033"));
    return f;
}

static struct dongle_fault opened(int code)
{
    struct dongle_fault f;

    memset(&f, 0x55, sizeof f);
    dongle_fault_open(&f, code, "", root);
    return is_sound(f);
}

static struct dongle_fault none(void)
{
    struct dongle_fault f;

    memset(&f, 0x55, sizeof f);
    dongle_fault_none(&f, root);
    return is_sound(f);
}

static void has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("\"%s\" is in \"%s\"", part, text);
}

static void each_code_has_a_cause(void **state)
{
    const struct {
        int usb, code;
    } rows[] = {
        { ACCESS, -EACCES }, { NO_DEVICE, -ENODEV }, { NOT_FOUND, -ENODEV },
        { BUSY, -EBUSY },    { -11, -ENOMEM },       { -12, -ENOTSUP },
        { -1, -EIO },        { -7, -EIO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dongle_fault f = opened(rows[i].usb);
        assert_int_equal(f.code, rows[i].code);
        assert_true(f.command[0] != '\0');
    }
    for (int usb = -1; usb > -120; usb--)
        opened(usb);
    has(opened(-99).cause, "-99");
}

static void causes_differ(void **state)
{
    const int codes[] = { ACCESS, NO_DEVICE, BUSY, -11, -12, -1, -99 };

    (void)state;
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(opened(codes[i]).cause,
                                    opened(codes[j]).cause);
    assert_string_not_equal(none().cause, opened(NO_DEVICE).cause);
}

static void a_process_that_holds_it_is_named(void **state)
{
    (void)state;
    plug_in("1-1", "2838\n", 1, 7, "usbfs");
    run_process(99, "innocent\n", "/dev/bus/usb/001/006");
    run_process(123, "gqrx\n", "/dev/bus/usb/001/007");
    struct dongle_fault f = opened(BUSY);
    assert_int_equal(f.code, -EBUSY);
    has(f.cause, "gqrx");
    has(f.cause, "123");
    has(f.command, "123");
    has_not(f.cause, "innocent");
}

/* Held through usbfs or by nothing that sysfs knows; other numbers. */
static void nor_does_the_port_matter(void **state)
{
    (void)state;
    plug_in("3-2.4", "2832\n", 12, 104, NULL);
    run_process(4711, "rtl_433\n", "/dev/bus/usb/012/104");
    has(opened(BUSY).cause, "rtl_433");
}

static void this_process_is_not_to_blame(void **state)
{
    char self[32];

    (void)state;
    plug_in("1-1", "2838\n", 1, 7, "usbfs");
    run_process((long)getpid(), "test_src_dongle\n", "/dev/bus/usb/001/007");
    struct dongle_fault f = opened(BUSY);
    assert_int_equal(f.code, -EBUSY);
    has_not(f.cause, "test_src_dongle");
    snprintf(self, sizeof self, "kill %ld", (long)getpid());
    has_not(f.command, self);
}

static void the_kernels_driver_is_named(void **state)
{
    (void)state;
    plug_in("1-1", "2838\n", 1, 7, "dvb_usb_rtl28xxu");
    struct dongle_fault f = opened(BUSY);
    assert_int_equal(f.code, -EBUSY);
    has(f.cause, "dvb_usb_rtl28xxu");
    has(f.command, "modprobe -r dvb_usb_rtl28xxu");
}

/* The other dongle is free. */
static void of_two_dongles_the_held_one_is_told(void **state)
{
    (void)state;
    plug_in("1-1", "2838\n", 1, 7, NULL);
    plug_in("1-2", "2838\n", 1, 8, "dvb_usb_rtl28xxu");
    has(opened(BUSY).cause, "dvb_usb_rtl28xxu");
}

/* A network card of the same maker, and its driver. */
static void other_devices_are_not_meant(void **state)
{
    (void)state;
    plug_in("1-1", "8153\n", 1, 7, "r8152");
    run_process(123, "pppd\n", "/dev/bus/usb/001/007");
    struct dongle_fault f = opened(BUSY);
    has_not(f.cause, "r8152");
    has_not(f.command, "r8152");
    has_not(f.cause, "pppd");
}

/* A process may not be looked into: then it is somebody. */
static void who_cannot_be_seen_is_not_named(void **state)
{
    (void)state;
    plug_in("1-1", "2838\n", 1, 7, "usbfs");
    make_file("secret\n", "proc/123/comm");
    make_file("4", "proc/version");
    struct dongle_fault f = opened(BUSY);
    assert_int_equal(f.code, -EBUSY);
    has_not(f.cause, "secret");
    assert_true(f.command[0] != '\0');
}

static void without_the_rule_it_is_to_be_installed(void **state)
{
    (void)state;
    struct dongle_fault without = opened(ACCESS);
    has(without.cause, "rule");
    has(without.command, "install");
    make_file("SUBSYSTEMS==\"usb\"", "lib/udev/rules.d/60-librtlsdr0.rules");
    struct dongle_fault with = opened(ACCESS);
    assert_int_equal(with.code, -EACCES);
    assert_string_not_equal(with.cause, without.cause);
    has(with.command, "plugdev");
}

/* "5.15.90.1-microsoft-standard-WSL2" */
static void wsl_is_another_thing(void **state)
{
    (void)state;
    struct dongle_fault f = none();
    assert_int_equal(f.code, -ENODEV);
    has_not(f.cause, "WSL");
    make_file("6.1.0-18-amd64\n", "proc/sys/kernel/osrelease");
    has_not(none().cause, "WSL");
    make_file("5.15.90.1-microsoft-standard-WSL2\n",
              "proc/sys/kernel/osrelease");
    f = none();
    assert_int_equal(f.code, -ENODEV);
    has(f.cause, "WSL");
    has(f.command, "usbipd");
}

/* Files that are empty, or full of something else. */
static void rubbish_does_no_harm(void **state)
{
    char text[4000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    plug_in("1-1", text, 1, 7, NULL);
    plug_in("1-2", "", 1, 8, NULL);
    plug_in("1-3", "2838\n", -1, 2147483647, "usbfs");
    plug_in("1-4", "2838", 1, 9, "usbfs");
    make_file(text, "proc/sys/kernel/osrelease");
    run_process(123, text, "/dev/bus/usb/001/009");
    struct dongle_fault f = opened(BUSY);
    has(f.cause, "xxxxxxxxxx");
    has(f.command, "123");
    opened(ACCESS);
    none();
}

static void the_real_system_may_be_asked(void **state)
{
    struct dongle_fault f;

    (void)state;
    dongle_fault_open(&f, BUSY, "", "");
    is_sound(f);
    dongle_fault_open(&f, ACCESS, "", "");
    is_sound(f);
    dongle_fault_none(&f, "");
    is_sound(f);
}

static void an_old_library_is_named(void **state)
{
    struct dongle_fault f;
    char path[5000];

    (void)state;
    dongle_fault_v4(&f, "/usr/lib/librtlsdr.so.0");
    is_sound(f);
    has(f.cause, "V4");
    has(f.cause, "/usr/lib/librtlsdr.so.0");
    memset(path, '/', sizeof path);
    path[sizeof path - 1] = '\0';
    dongle_fault_v4(&f, path);
    is_sound(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_code_has_a_cause),
        TEST(causes_differ),
        TEST(a_process_that_holds_it_is_named),
        TEST(nor_does_the_port_matter),
        TEST(this_process_is_not_to_blame),
        TEST(the_kernels_driver_is_named),
        TEST(of_two_dongles_the_held_one_is_told),
        TEST(other_devices_are_not_meant),
        TEST(who_cannot_be_seen_is_not_named),
        TEST(without_the_rule_it_is_to_be_installed),
        TEST(wsl_is_another_thing),
        TEST(rubbish_does_no_harm),
        TEST(the_real_system_may_be_asked),
        TEST(an_old_library_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
