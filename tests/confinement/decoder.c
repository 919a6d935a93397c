/* A decoder under an attacker's control: `decoder ACTION` tries one action.
 *
 * Exit codes: 0 if the action succeeded, 1 if it was refused, 2 if the action is unknown.
 * The environment is empty, so that arguments name everything: decoder ACTION SECRET FOLDER WORKER INPUT OUTPUT
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <dirent.h>

static const char *secret, *folder, *input, *output;
static pid_t worker;
static char path[4096];

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *of_worker(const char *name) {
    snprintf(path, sizeof path, "/proc/%d/%s", worker, name);
    return path;
}

static int can_read(const char *name) {
    char byte;
    int file = open(name, O_RDONLY);
    return file >= 0 && read(file, &byte, 1) >= 0;
}

static int can_write(const char *name, int flags) {
    int file = open(name, O_WRONLY | flags, 0600);
    return file >= 0 && write(file, "x", 1) == 1;
}

static int can_list(const char *name) {
    DIR *listed = opendir(name);
    return listed != NULL && readdir(listed) != NULL;
}

static int child(pid_t pid) {
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid(pid, NULL, 0);
    return pid > 0;
}

static int socket_of(int family, int kind) { return socket(family, kind, 0) >= 0; }

static int connects(struct sockaddr *address, socklen_t length) {
    int made = socket(address->sa_family, SOCK_STREAM, 0);
    return made >= 0 && (connect(made, address, length) == 0 || errno == ECONNREFUSED);
}

static int connects_unix(const char *name, int is_abstract) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path + is_abstract, name, sizeof address.sun_path - 2);
    return connects((struct sockaddr *)&address, sizeof address);
}

static int connects_inet(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connects((struct sockaddr *)&address, sizeof address);
}

static int thread_escapes(void) { return syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER, 0, 0, 0, 0) > 0; }

static int spawns(void) {
    pid_t pid;
    char *argv[] = {"/bin/true", NULL};
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, argv + 1) != 0) return 0;
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int clone3_forks(void) {
    unsigned long long arguments[11] = {0, 0, 0, 0, SIGCHLD};
    return child(syscall(SYS_clone3, arguments, sizeof arguments));
}

static int owns_signal(void) {
    int ends[2];
    return pipe(ends) == 0 && fcntl(ends[0], F_SETOWN, worker) == 0;
}

static int owns_signal_by_ioctl(void) {
    int ends[2];
    int pid = worker;
    return pipe(ends) == 0 && ioctl(ends[0], 0x8901 /* FIOSETOWN */, &pid) == 0;
}

static int reads_memory(void) {
    char byte;
    struct iovec local = {&byte, 1}, remote = {(void *)&reads_memory, 1};
    return process_vm_readv(worker, &local, 1, &remote, 1, 0) == 1 || errno == EFAULT;
}

static int allocates(size_t size) {
    char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return bytes != MAP_FAILED;
}

static int fills_disk(void) {
    static char block[1 << 16];
    int file = open(output, O_WRONLY);
    signal(SIGXFSZ, SIG_IGN);
    for (int written = 0; written < 1 << 26; written += sizeof block)
        if (write(file, block, sizeof block) <= 0) return 0;
    return 1;
}

static int opens_many(void) {
    for (int count = 0; count < 200; count++)
        if (open(input, O_RDONLY) < 0) return 0;
    return 1;
}

static int uses_cpu_priority(void) { return setpriority(PRIO_PROCESS, worker, 5) == 0; }

static int limits_worker(void) {
    struct rlimit limit = {1, 1};
    return prlimit(worker, RLIMIT_NOFILE, NULL, &limit) == 0 || prlimit(worker, RLIMIT_NOFILE, NULL, NULL) == 0;
}

static int pins_worker(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return sched_setaffinity(worker, sizeof set, &set) == 0;
}

static int raises_limit(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

static int opens_by_handle(void) {
    struct { struct file_handle head; char rest[128]; } handle = {.head = {.handle_bytes = 128}};
    int mount;
    return name_to_handle_at(AT_FDCWD, secret, &handle.head, &mount, 0) == 0;
}

static int mounts(void) { return mount("tmpfs", folder, "tmpfs", 0, NULL) == 0; }

static int makes_node(void) { return mknod(in_folder("node"), S_IFCHR | 0600, 1 << 8 | 3) == 0; }

static int binds_socket(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, in_folder("socket"), sizeof address.sun_path - 1);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    return made >= 0 && bind(made, (struct sockaddr *)&address, sizeof address) == 0;
}

static int changes_times(void) {
    struct timeval times[2] = {{0, 0}, {0, 0}};
    return utimes(secret, times) == 0;
}

struct action { const char *name; int (*act)(void); };

#define ACTION(name, expression) static int act_##name(void) { return (expression); }
#include "actions.inc"
#undef ACTION
#define ACTION(name, expression) {#name, act_##name},
static const struct action actions[] = {
#include "actions.inc"
};

int main(int count, char **words) {
    size_t known = sizeof actions / sizeof *actions;
    if (count == 2 && strcmp(words[1], "list") == 0) {
        for (size_t place = 0; place < known; place++) puts(actions[place].name);
        return 0;
    }
    if (count < 7) return 2;
    secret = words[2], folder = words[3], worker = atoi(words[4]), input = words[5], output = words[6];
    for (size_t place = 0; place < known; place++)
        if (strcmp(actions[place].name, words[1]) == 0) return actions[place].act() ? 0 : 1;
    return 2;
}
