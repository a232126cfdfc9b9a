/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/utrace_fuzz: engines with pseudo-random answers, for tests/fuzz/.
 *
 * An open file is one run.  Its ioctls address up to UF_SLOTS engines by slot;
 * callbacks may attach others.  What a callback returns is a function of the
 * engine's seed, its profile and the number of callbacks before.
 */
#ifndef UTRACE_FUZZ_UAPI_H
#define UTRACE_FUZZ_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define UF_SLOTS	16
#define UF_PROBES	2

/*
 * Profile: what an engine may do.  With no bit set it returns the action passed
 * in, and the task runs as without it.  The disturbing signals are SIGUSR2,
 * SIGURG and SIGWINCH; the programs' results do not depend on these.
 */
#define UF_STOP		0x0001	/* return UTRACE_STOP */
#define UF_STEP		0x0002	/* single-step and block-step; drop the traps */
#define UF_AGAIN	0x0004	/* return UTRACE_REPORT and UTRACE_INTERRUPT */
#define UF_DETACH_SELF	0x0008	/* return UTRACE_DETACH */
#define UF_HOLD		0x0010	/* UTRACE_SIGNAL_HOLD for disturbing signals */
#define UF_SIGNALS	0x0020	/* drop, change and inject these */
#define UF_CALLS	0x0040	/* abort system calls with a known result */
#define UF_REGS		0x0080	/* write registers that a call clobbers */
#define UF_EXIT		0x0100	/* set UF_EXIT_BIT in exit codes */
#define UF_FOLLOW	0x0200	/* attach to children */
#define UF_MEDDLE	0x0400	/* call utrace for this and other engines */
#define UF_SLOW		0x0800	/* sleep in callbacks */
#define UF_NO_SIGNAL	0x1000	/* ops have no report_signal; only with 0 */
#define UF_LETHAL	0x2000	/* end the process by a disturbing signal */
#define UF_WRONG	0x4000	/* return random bits */
#define UF_LOOP		0x8000	/* always return IGN and HOLD, with no stop */
#define UF_LEAVE	0x10000	/* with UF_STEP: detach while a trap is due */

/* UF_MAGIC_NR is no system call; engines with UF_CALLS set this result */
#define UF_MAGIC_NR	1023
#define UF_MAGIC_RESULT	0x5eed
/* UF_EXIT sets it only in exit codes below it */
#define UF_EXIT_BIT	0x40

struct uf_arg {
	__u32 slot;
	__s32 pid;		/* task, or file descriptor */
	__u64 a;
	__u64 b;
	__u64 seed;
	__s64 res;		/* what utrace returned */
	__u64 out[8];
};

/* UF_COUNTS: out[] */
enum uf_count {
	UF_ATTACHED, UF_RELEASED, UF_CALLBACKS,
	UF_LATE,		/* callbacks after detach or barrier returned */
	UF_WRONG_TASK,		/* callbacks in another task than the engine's */
	UF_BAD_ERRNO,		/* errnos that are not documented */
	UF_LAST_BAD,		/* the last of these: ioctl << 32 | errno */
	UF_STEPS,
	UF_NCOUNTS
};

/* pid slot seed a=mask b=profile; an engine in the slot remains attached */
#define UF_ATTACH	_IOWR('F', 1, struct uf_arg)
#define UF_CONTROL	_IOWR('F', 2, struct uf_arg)	/* slot a=action */
#define UF_EVENTS	_IOWR('F', 3, struct uf_arg)	/* slot a=mask */
#define UF_BARRIER	_IOWR('F', 4, struct uf_arg)	/* slot */
#define UF_EXAMINE	_IOWR('F', 5, struct uf_arg)	/* slot; out[0]: kernel sp */
/* slot; then wait up to a ms for the release of the engine */
#define UF_DETACH	_IOWR('F', 6, struct uf_arg)
/* a=1: resume all engines; callbacks act as with profile 0 until a=0 */
#define UF_CALM		_IOWR('F', 7, struct uf_arg)
#define UF_RESUME_ALL	_IOWR('F', 8, struct uf_arg)
#define UF_DETACH_ALL	_IOWR('F', 9, struct uf_arg)
#define UF_COUNTS	_IOWR('F', 10, struct uf_arg)
#define UF_WAIT		_IOWR('F', 11, struct uf_arg)	/* a=ms, until all are released */
/* slot=uprobe pid=fd a=offset b=on? seed: the handler controls engines */
#define UF_PROBE	_IOWR('F', 12, struct uf_arg)

#endif /* UTRACE_FUZZ_UAPI_H */
