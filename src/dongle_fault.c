/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/dongle_fault.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libusb.h 1.0, enum libusb_error. */
enum {
    USB_IO = -1,
    USB_ACCESS = -3,
    USB_NO_DEVICE = -4,
    USB_NOT_FOUND = -5,
    USB_BUSY = -6,
    USB_TIMEOUT = -7,
    USB_NO_MEM = -11,
    USB_NOT_SUPPORTED = -12,
};

/* The maker of the chip and the two numbers it leaves the works with; other
 * makers' numbers are rare (librtlsdr's list of devices). */
static const char vendor[] = "0bda";
static const char *const products[] = { "2838", "2832" };

static void __attribute__((format(printf, 4, 5)))
set(struct dongle_fault *f, int code, const char *command, const char *cause,
    ...)
{
    va_list args;

    f->code = code;
    va_start(args, cause);
    vsnprintf(f->cause, sizeof f->cause, cause, args);
    va_end(args);
    snprintf(f->command, sizeof f->command, "%s", command);
}

/* Writes a path; what is too long is cut, and then names nothing. */
static void __attribute__((format(printf, 2, 3)))
make_path(char path[PATH_MAX], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(path, PATH_MAX, format, args);
    va_end(args);
}

/* The first line of a small file; "" where it cannot be read. */
static void read_line(char *line, size_t n, const char *path)
{
    FILE *file = fopen(path, "r");

    line[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(line, (int)n, file) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    fclose(file);
}

static void read_attribute(char *line, size_t n, const char *folder,
                           const char *name)
{
    char path[PATH_MAX];

    make_path(path, "%s/%s", folder, name);
    read_line(line, n, path);
}

static bool is_dongle(const char *folder)
{
    char id[16];

    read_attribute(id, sizeof id, folder, "idVendor");
    if (strcmp(id, vendor) != 0)
        return false;
    read_attribute(id, sizeof id, folder, "idProduct");
    for (size_t i = 0; i < sizeof products / sizeof *products; i++)
        if (strcmp(id, products[i]) == 0)
            return true;
    return false;
}

/* A dongle as the system has it. */
struct place {
    char serial[64];
    char driver[64]; /* of its first interface; "": none */
    char node[64];   /* /dev/bus/usb/001/007 */
};

static void look_at(struct place *p, const char *folder, const char *name)
{
    char path[PATH_MAX], target[PATH_MAX], bus[16], device[16];
    ssize_t n;

    make_path(path, "%s/%s:1.0/driver", folder, name);
    n = readlink(path, target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    if (strrchr(target, '/') != NULL)
        snprintf(p->driver, sizeof p->driver, "%.60s",
                 strrchr(target, '/') + 1);
    read_attribute(p->serial, sizeof p->serial, folder, "serial");
    read_attribute(bus, sizeof bus, folder, "busnum");
    read_attribute(device, sizeof device, folder, "devnum");
    snprintf(p->node, sizeof p->node, "/dev/bus/usb/%03ld/%03ld",
             strtol(bus, NULL, 10), strtol(device, NULL, 10));
}

/* Up to n dongles in the system's list of USB devices. */
static size_t find_places(struct place *out, size_t n, const char *root)
{
    char list[PATH_MAX];
    struct dirent *entry;
    DIR *dir;
    size_t found = 0;

    make_path(list, "%s/sys/bus/usb/devices", root);
    dir = opendir(list);
    while (dir != NULL && found < n && (entry = readdir(dir)) != NULL) {
        char folder[PATH_MAX];

        make_path(folder, "%s/%s", list, entry->d_name);
        if (entry->d_name[0] == '.' || !is_dongle(folder))
            continue;
        out[found] = (struct place){ .driver = "" };
        look_at(&out[found++], folder, entry->d_name);
    }
    if (dir != NULL)
        closedir(dir);
    return found;
}

static bool has_open(const char *process, const char *node)
{
    char path[PATH_MAX], target[PATH_MAX];
    struct dirent *entry;
    bool is_found = false;
    DIR *dir;

    make_path(path, "%s/fd", process);
    dir = opendir(path);
    while (dir != NULL && !is_found && (entry = readdir(dir)) != NULL) {
        ssize_t n;

        make_path(path, "%s/fd/%s", process, entry->d_name);
        n = readlink(path, target, sizeof target - 1);
        target[n > 0 ? n : 0] = '\0';
        is_found = strcmp(target, node) == 0;
    }
    if (dir != NULL)
        closedir(dir);
    return is_found;
}

/* The process that has node open, other than this one; 0: none that may be
 * seen. Its name goes into name. */
static long find_holder(char *name, size_t n, const char *node,
                        const char *root)
{
    char list[PATH_MAX];
    struct dirent *entry;
    long holder = 0;
    DIR *dir;

    make_path(list, "%s/proc", root);
    dir = opendir(list);
    while (dir != NULL && holder == 0 && (entry = readdir(dir)) != NULL) {
        char process[PATH_MAX];
        const long pid = strtol(entry->d_name, NULL, 10);

        make_path(process, "%s/%s", list, entry->d_name);
        if (pid <= 0 || pid == (long)getpid() || !has_open(process, node))
            continue;
        read_attribute(name, n, process, "comm");
        holder = pid;
    }
    if (dir != NULL)
        closedir(dir);
    return holder;
}

/* usbfs is what programs use; "usb" is the hub's. */
static bool is_kernel_driver(const char *driver)
{
    return driver[0] != '\0' && strcmp(driver, "usbfs") != 0;
}

static void busy(struct dongle_fault *f, const char *serial, const char *root)
{
    struct place places[8];
    const size_t n = find_places(places, 8, root);

    for (size_t i = 0; i < n; i++) {
        char name[32], command[128];
        long pid;

        if (serial[0] != '\0' && places[i].serial[0] != '\0' &&
            strcmp(serial, places[i].serial) != 0)
            continue;
        if (is_kernel_driver(places[i].driver)) {
            snprintf(command, sizeof command, "sudo modprobe -r %.60s",
                     places[i].driver);
            set(f, -EBUSY, command, "the kernel's driver %s holds it for TV",
                places[i].driver);
            return;
        }
        pid = find_holder(name, sizeof name, places[i].node, root);
        if (pid > 0) {
            snprintf(command, sizeof command, "kill %ld", pid);
            set(f, -EBUSY, command, "%s (process %ld) is using it", name, pid);
            return;
        }
    }
    set(f, -EBUSY, "sudo fuser -v /dev/bus/usb/*/*",
        "another program or a kernel driver is using it");
}

static void no_access(struct dongle_fault *f, const char *root)
{
    static const char *const rules[] = {
        "lib/udev/rules.d/60-librtlsdr0.rules", /* Debian 12 */
        "usr/lib/udev/rules.d/60-librtlsdr0.rules",
        "lib/udev/rules.d/60-librtlsdr2.rules",
        "usr/lib/udev/rules.d/60-librtlsdr2.rules",
        "etc/udev/rules.d/rtl-sdr.rules", /* librtlsdr's own */
        "etc/udev/rules.d/20.rtlsdr.rules",
    };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char path[PATH_MAX];

        make_path(path, "%s/%s", root, rules[i]);
        if (access(path, F_OK) != 0)
            continue;
        set(f, -EACCES, "sudo usermod -aG plugdev \"$USER\"",
            "you have no permission to open it; after the command log in "
            "again, and plug it in again");
        return;
    }
    set(f, -EACCES, "sudo apt-get install librtlsdr0",
        "you have no permission to open it, and the udev rule that gives it "
        "is not installed; after the command plug it in again");
}

void dongle_fault_open(struct dongle_fault *f, int usb_code, const char *serial,
                       const char *root)
{
    switch (usb_code) {
    case USB_ACCESS:
        no_access(f, root);
        break;
    case USB_BUSY:
        busy(f, serial, root);
        break;
    case USB_NO_DEVICE:
    case USB_NOT_FOUND:
        set(f, -ENODEV, "lsusb -d 0bda:",
            "it is gone: plug it in again, into another socket");
        break;
    case USB_NOT_SUPPORTED:
        set(f, -ENOTSUP, "zadig.exe",
            "its driver cannot be used: on Windows, install WinUSB for it");
        break;
    case USB_NO_MEM:
        set(f, -ENOMEM,
            "echo 0 | sudo tee /sys/module/usbcore/parameters/usbfs_memory_mb",
            "the system has no memory for its USB transfers");
        break;
    case USB_IO:
    case USB_TIMEOUT:
        set(f, -EIO, "sudo dmesg | tail",
            "it does not answer: try another USB socket or cable");
        break;
    default:
        set(f, -EIO, "rtl_test -t", "it cannot be opened (libusb error %d)",
            usb_code);
        break;
    }
}

void dongle_fault_none(struct dongle_fault *f, const char *root)
{
    char path[PATH_MAX], release[128];

    make_path(path, "%s/proc/sys/kernel/osrelease", root);
    read_line(release, sizeof release, path);
    if (strstr(release, "microsoft") != NULL)
        set(f, -ENODEV, "usbipd attach --wsl --busid BUSID",
            "no RTL-SDR dongle is here; WSL sees one after this command in "
            "Windows");
    else
        set(f, -ENODEV, "lsusb -d 0bda:", "no RTL-SDR dongle is plugged in");
}

void dongle_fault_v4(struct dongle_fault *f, const char *path)
{
    set(f, -ENOTSUP, "xdg-open https://www.rtl-sdr.com/V4/",
        "it is an RTL-SDR Blog V4, and the library %s is too old for it: it "
        "would listen on wrong frequencies; librtlsdr 2.0 knows it",
        path);
}
