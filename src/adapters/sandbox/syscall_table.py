"""Numbers of Linux's system calls that a confined program may not make, or only with some arguments (`unistd.h`)."""

from collections.abc import Mapping
from types import MappingProxyType

# The number on x86-64, and on arm64; None if the architecture has no such call.
Numbers = tuple[int | None, int | None]

# Other processes: their memory, signals, limits and scheduling.
PROCESSES: Mapping[str, Numbers] = MappingProxyType(
    {
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "process_mrelease": (448, 448),
        "kcmp": (312, 272),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "pidfd_send_signal": (424, 424),
        "tkill": (200, 130),
        "setpriority": (141, 140),
        "sched_setattr": (314, 274),
        "sched_setscheduler": (144, 119),
        "sched_setparam": (142, 118),
        "sched_setaffinity": (203, 122),
        "ioprio_set": (251, 30),
        "migrate_pages": (256, 238),
        "move_pages": (279, 239),
    }
)
# Parts of the kernel that have often been the way out of a sandbox, and what only an administrator needs.
KERNEL: Mapping[str, Numbers] = MappingProxyType(
    {
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
        "userfaultfd": (323, 282),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "reboot": (169, 142),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "syslog": (103, 116),
        "acct": (163, 89),
        "quotactl": (179, 60),
        "quotactl_fd": (443, 443),
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "clock_adjtime": (305, 266),
        "adjtimex": (159, 171),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        "iopl": (172, None),
        "ioperm": (173, None),
        "modify_ldt": (154, None),
        "vhangup": (153, 58),
        "personality": (135, 92),
        "uselib": (134, None),
        "lookup_dcookie": (212, 18),
        "nfsservctl": (180, 42),
        "_sysctl": (156, None),
        "memfd_secret": (447, 447),
    }
)
# Ways to other processes that are not files.
CHANNELS: Mapping[str, Numbers] = MappingProxyType(
    {
        "shmget": (29, 194),
        "shmat": (30, 196),
        "shmctl": (31, 195),
        "semget": (64, 190),
        "semop": (65, 193),
        "semtimedop": (220, 192),
        "semctl": (66, 191),
        "msgget": (68, 186),
        "msgsnd": (69, 189),
        "msgrcv": (70, 188),
        "msgctl": (71, 187),
        "mq_open": (240, 180),
        "mq_unlink": (241, 181),
    }
)
# Landlock does not control the metadata of files, nor who watches them.
METADATA: Mapping[str, Numbers] = MappingProxyType(
    {
        "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263),
        "inotify_init": (253, None),
        "inotify_init1": (294, 26),
        "inotify_add_watch": (254, 27),
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "mknod": (133, None),
        "mknodat": (259, 33),
    }
)
# Names of files: a program that only fills files that exist already needs none of these.
NAMES: Mapping[str, Numbers] = MappingProxyType(
    {
        "link": (86, None),
        "linkat": (265, 37),
        "symlink": (88, None),
        "symlinkat": (266, 36),
        "mkdir": (83, None),
        "mkdirat": (258, 34),
        "rename": (82, None),
        "renameat": (264, 38),
        "renameat2": (316, 276),
        "unlink": (87, None),
        "unlinkat": (263, 35),
        "rmdir": (84, None),
    }
)
FORKS: Mapping[str, Numbers] = MappingProxyType({"fork": (57, None), "vfork": (58, None)})
# Landlock limits the ports of `bind` and `connect`, but a socket can also listen without `bind`.
LISTENING: Mapping[str, Numbers] = MappingProxyType({"listen": (50, 201), "accept": (43, 202), "accept4": (288, 242)})
# Each connects without `connect` if the flag `MSG_FASTOPEN` is set in this argument, counted from 0.
SENDING: Mapping[int, tuple[Numbers, ...]] = MappingProxyType({3: ((44, 206), (307, 269)), 2: ((46, 211),)})
CLONE, CLONE3 = (56, 220), (435, 435)
PRCTL, PRLIMIT, FCNTL, IOCTL = (157, 167), (302, 261), (72, 25), (16, 29)
SOCKET, SOCKETPAIR = (41, 198), (53, 199)
SIGNALS: Mapping[str, Numbers] = MappingProxyType(
    {"kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)}
)
