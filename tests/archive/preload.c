/* preload - the k-th change that a program makes to files fails, or is the last
 * thing it does.
 *
 * The system's calls are caught, not libc's: stdio writes by a name of its own.
 * A filter lets the kernel raise SIGSYS in their place; the handler counts, and
 * makes the call from the one address that the filter lets through.
 *
 *   FOBSCOPE_FAULTS       a file, to which each change is written as a line:
 *                         number, call, "room" if it needs some or "-", path
 *   FOBSCOPE_FAULTS_DO    kill:K    dies before the K-th
 *                         tear:K    dies in the middle of the K-th, a write
 *                         full:K    from the K-th on the disk is full
 *                         eio:K     the K-th fails with EIO
 *
 * Standard output and standard error are not counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "which registers hold a call's arguments?"
#endif

/* What a call needs of the disk. */
enum need {
    NEEDS_NOTHING, /* succeeds on a full one */
    NEEDS_ROOM,
    NEEDS_ROOM_TO_CREATE, /* where its path is not there yet */
    NEEDS_ROOM_TO_GROW,
};

struct call {
    long number;
    const char *name;
    enum need need;
    /* Which arguments are these; -1: none. */
    int path, flags, fd;
};

static const struct call calls[] = {
#ifdef SYS_open
    { SYS_open, "open", NEEDS_ROOM_TO_CREATE, 0, 1, -1 },
    { SYS_rename, "rename", NEEDS_ROOM, 0, -1, -1 },
    { SYS_link, "link", NEEDS_ROOM, 0, -1, -1 },
    { SYS_mkdir, "mkdir", NEEDS_ROOM_TO_CREATE, 0, -1, -1 },
    { SYS_unlink, "unlink", NEEDS_NOTHING, 0, -1, -1 },
    { SYS_rmdir, "rmdir", NEEDS_NOTHING, 0, -1, -1 },
    { SYS_chmod, "chmod", NEEDS_NOTHING, 0, -1, -1 },
#endif
#ifdef SYS_renameat
    { SYS_renameat, "renameat", NEEDS_ROOM, 1, -1, -1 },
#endif
    { SYS_renameat2, "renameat2", NEEDS_ROOM, 1, -1, -1 },
    { SYS_openat, "openat", NEEDS_ROOM_TO_CREATE, 1, 2, -1 },
    { SYS_linkat, "linkat", NEEDS_ROOM, 1, -1, -1 },
    { SYS_mkdirat, "mkdirat", NEEDS_ROOM_TO_CREATE, 1, -1, -1 },
    { SYS_unlinkat, "unlinkat", NEEDS_NOTHING, 1, -1, -1 },
    { SYS_fchmod, "fchmod", NEEDS_NOTHING, -1, -1, -1 },
    { SYS_fchmodat, "fchmodat", NEEDS_NOTHING, 1, -1, -1 },
    { SYS_write, "write", NEEDS_ROOM, -1, -1, 0 },
    { SYS_writev, "writev", NEEDS_ROOM, -1, -1, 0 },
    { SYS_pwrite64, "pwrite64", NEEDS_ROOM, -1, -1, 0 },
    { SYS_fallocate, "fallocate", NEEDS_ROOM, -1, -1, -1 },
    { SYS_ftruncate, "ftruncate", NEEDS_ROOM_TO_GROW, -1, -1, -1 },
    { SYS_fsync, "fsync", NEEDS_NOTHING, -1, -1, -1 },
    { SYS_fdatasync, "fdatasync", NEEDS_NOTHING, -1, -1, -1 },
};

enum { CALLS = sizeof calls / sizeof *calls };

enum act { NOTHING, KILL, TEAR, FULL, FAIL };

static enum act act;
static long act_at;
static int log_fd = -1;
static long count; /* atomic: of changes so far */

/* The only call that the filter lets through; -errno. */
long faults_call(long number, const uint64_t arg[6]);
extern const char faults_address[];

#if defined __x86_64__
__asm__(".text\n"
        ".hidden faults_call\n"
        ".hidden faults_address\n"
        ".globl faults_call\n"
        ".globl faults_address\n"
        "faults_call:\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %r11\n"
        "    mov 0(%r11), %rdi\n"
        "    mov 8(%r11), %rsi\n"
        "    mov 16(%r11), %rdx\n"
        "    mov 24(%r11), %r10\n"
        "    mov 32(%r11), %r8\n"
        "    mov 40(%r11), %r9\n"
        "    syscall\n"
        "faults_address:\n"
        "    ret\n");
#else
__asm__(".text\n"
        ".hidden faults_call\n"
        ".hidden faults_address\n"
        ".globl faults_call\n"
        ".globl faults_address\n"
        "faults_call:\n"
        "    mov x8, x0\n"
        "    mov x9, x1\n"
        "    ldp x0, x1, [x9]\n"
        "    ldp x2, x3, [x9, #16]\n"
        "    ldp x4, x5, [x9, #32]\n"
        "    svc #0\n"
        "faults_address:\n"
        "    ret\n");
#endif

static void die(void)
{
    faults_call(SYS_kill, (uint64_t[6]){ (uint64_t)getpid(), SIGKILL });
}

/* Of the file that is changed; of a rename, what it was. */
static void get_path(const struct call *c, const uint64_t arg[6], char *path,
                     size_t room)
{
    char link[64];
    long n;

    if (c->path >= 0) {
        snprintf(path, room, "%s", (const char *)(uintptr_t)arg[c->path]);
        return;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", (int)arg[0]);
    n = faults_call(SYS_readlinkat,
                    (uint64_t[6]){ (uint64_t)AT_FDCWD,
                                   (uint64_t)(uintptr_t)link,
                                   (uint64_t)(uintptr_t)path, room - 1 });
    path[n > 0 ? n : 0] = '\0';
}

static void note(const struct call *c, const uint64_t arg[6], long n,
                 bool is_room)
{
    char path[1024], line[1200];
    int k;

    get_path(c, arg, path, sizeof path);
    k = snprintf(line, sizeof line, "%ld %s %s %s\n", n, c->name,
                 is_room ? "room" : "-", path);
    faults_call(SYS_write,
                (uint64_t[6]){ (uint64_t)log_fd, (uint64_t)(uintptr_t)line,
                               (uint64_t)k });
}

static bool is_there(const struct call *c, const uint64_t arg[6])
{
    const uint64_t folder = c->path > 0 ? arg[0] : (uint64_t)AT_FDCWD;

    return faults_call(SYS_faccessat,
                       (uint64_t[6]){ folder, arg[c->path], F_OK }) == 0;
}

/* Whether the call changes a file that counts. */
static bool is_change(const struct call *c, const uint64_t arg[6])
{
    if (c->flags >= 0)
        return (arg[c->flags] & O_CREAT) != 0;
    return c->fd < 0 || (int)arg[c->fd] > STDERR_FILENO;
}

static bool needs_room(const struct call *c, const uint64_t arg[6])
{
    switch (c->need) {
    case NEEDS_NOTHING:
        return false;
    case NEEDS_ROOM:
        return true;
    case NEEDS_ROOM_TO_CREATE:
        return !is_there(c, arg);
    case NEEDS_ROOM_TO_GROW:
        return arg[1] > 0;
    }
    return true;
}

/* Half of what is to be written, and the end. */
static void tear(const struct call *c, const uint64_t arg[6])
{
    uint64_t half[6];

    memcpy(half, arg, sizeof half);
    half[2] /= 2;
    if (c->number == SYS_write || c->number == SYS_pwrite64)
        faults_call(c->number, half);
    die();
}

static long change(const struct call *c, const uint64_t arg[6])
{
    const long n = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);

    const bool is_room = needs_room(c, arg);

    note(c, arg, n, is_room);
    if (act == KILL && n == act_at)
        die();
    if (act == TEAR && n == act_at)
        tear(c, arg);
    if (act == FAIL && n == act_at)
        return -EIO;
    if (act == FULL && n >= act_at && is_room)
        return -ENOSPC;
    return faults_call(c->number, arg);
}

static void on_call(int number, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    uint64_t arg[6];
    long result = -ENOSYS;

    (void)number;
#if defined __x86_64__
    static const int at[] = {
        REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9
    };

    for (int i = 0; i < 6; i++)
        arg[i] = (uint64_t)u->uc_mcontext.gregs[at[i]];
#else
    for (int i = 0; i < 6; i++)
        arg[i] = u->uc_mcontext.regs[i];
#endif
    for (int i = 0; i < CALLS; i++)
        if (calls[i].number == info->si_syscall)
            result = is_change(&calls[i], arg)
                         ? change(&calls[i], arg)
                         : faults_call(calls[i].number, arg);
#if defined __x86_64__
    u->uc_mcontext.gregs[REG_RAX] = result;
#else
    u->uc_mcontext.regs[0] = (uint64_t)result;
#endif
}

static struct sock_filter load(size_t offset)
{
    return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                        (uint32_t)offset);
}

static struct sock_filter jump(uint64_t k, int if_equal, int if_not)
{
    return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)k,
                                        (uint8_t)if_equal, (uint8_t)if_not);
}

static int catch_calls(void)
{
    const uint64_t own = (uintptr_t)faults_address;
    const size_t ip = offsetof(struct seccomp_data, instruction_pointer);
    struct sock_filter f[16 + CALLS];
    struct sock_fprog program = { .filter = f };
    int n = 0;

    f[n++] = load(offsetof(struct seccomp_data, arch));
    f[n++] = jump(ARCHITECTURE, 0, CALLS + 5); /* to the end */
    f[n++] = load(ip);                         /* little-endian: low half */
    f[n++] = jump(own & UINT32_MAX, 0, 2);
    f[n++] = load(ip + 4);
    f[n++] = jump(own >> 32, CALLS + 1, 0);
    f[n++] = load(offsetof(struct seccomp_data, nr));
    for (int i = 0; i < CALLS; i++)
        f[n++] = jump((uint64_t)calls[i].number, CALLS - i, 0);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    program.len = (unsigned short)n;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static void read_act(const char *text)
{
    static const char *const names[] = { [NOTHING] = "none",
                                         [KILL] = "kill",
                                         [TEAR] = "tear",
                                         [FULL] = "full",
                                         [FAIL] = "eio" };
    const size_t n = strcspn(text, ":");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(text, names[i], n) == 0)
            act = (enum act)i;
    act_at = text[n] == ':' ? atol(text + n + 1) : 0;
}

/* A test that finds no log knows that nothing was caught. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FOBSCOPE_FAULTS");
    const char *what = getenv("FOBSCOPE_FAULTS_DO");
    struct sigaction handler = { .sa_sigaction = on_call,
                                 .sa_flags = SA_SIGINFO | SA_NODEFER };

    if (path == NULL)
        return;
    read_act(what != NULL ? what : "none");
    if (sigaction(SIGSYS, &handler, NULL) != 0)
        return;
    log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd >= 0 && catch_calls() != 0)
        unlink(path);
}
