/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/utrace_fuzz: engines with pseudo-random answers, for tests/fuzz/.
 *
 * An open file is one run with up to UF_SLOTS engines that calls name by their
 * slot, and with those that callbacks attach.  Each answer of an engine follows
 * from its seed, its profile and the number of its callback.
 */
#ifndef UTRACE_FUZZ_UAPI_H
#define UTRACE_FUZZ_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define UF_SLOTS	16
#define UF_PROBES	2

/* What an engine may do besides watching.  No bit: it changes nothing. */
#define UF_STOP		0x0001	/* hold the task */
#define UF_STEP		0x0002	/* step it; drops the traps */
#define UF_AGAIN	0x0004	/* REPORT and INTERRUPT */
#define UF_DETACH_SELF	0x0008	/* answer DETACH */
#define UF_HOLD		0x0010	/* queue the disturbing signals again */
#define UF_SIGNALS	0x0020	/* drop, change and inject these */
#define UF_CALLS	0x0040	/* abort system calls with a known result */
#define UF_REGS		0x0080	/* write registers that a call clobbers */
#define UF_EXIT		0x0100	/* set UF_EXIT_BIT in exit codes */
#define UF_FOLLOW	0x0200	/* attach to children */
#define UF_MEDDLE	0x0400	/* calls from callbacks, to itself and others */
#define UF_SLOW		0x0800	/* sleep in callbacks */
#define UF_NO_SIGNAL	0x1000	/* table without report_signal; watches only */
#define UF_LETHAL	0x2000	/* end the process by a disturbing signal */
#define UF_WRONG	0x4000	/* answers that are none */
#define UF_LOOP		0x8000	/* IGN and HOLD without a stop, always */
#define UF_LEAVE	0x10000	/* with UF_STEP: detach while a trap is due */

/* Result of UF_MAGIC_NR, which is no system call, if an engine says so */
#define UF_MAGIC_NR	1023
#define UF_MAGIC_RESULT	0x5eed
/* Exit codes below it may come out with it */
#define UF_EXIT_BIT	0x40

struct uf_arg {
	__u32 slot;
	__s32 pid;		/* task, or file descriptor */
	__u64 a;
	__u64 b;
	__u64 seed;
	__s64 res;		/* what the layer returned */
	__u64 out[8];
};

/* UF_COUNTS: out[] */
enum uf_count {
	UF_ATTACHED, UF_RELEASED, UF_CALLBACKS,
	UF_LATE,		/* callbacks after the last one was promised */
	UF_WRONG_TASK,		/* callbacks in another task than the engine's */
	UF_BAD_ERRNO,		/* results that no call may have */
	UF_LAST_BAD,		/* call << 32 | errno */
	UF_STEPS,
	UF_NCOUNTS
};

/* pid slot seed a=mask b=profile; what was in the slot stays attached */
#define UF_ATTACH	_IOWR('F', 1, struct uf_arg)
#define UF_CONTROL	_IOWR('F', 2, struct uf_arg)	/* slot a=action */
#define UF_EVENTS	_IOWR('F', 3, struct uf_arg)	/* slot a=mask */
#define UF_BARRIER	_IOWR('F', 4, struct uf_arg)	/* slot */
#define UF_EXAMINE	_IOWR('F', 5, struct uf_arg)	/* slot; out[0]: kernel sp */
/* slot a=ms to wait for its release, if it was detached and a is not 0 */
#define UF_DETACH	_IOWR('F', 6, struct uf_arg)
/* a=1: from now on all engines only watch, and have let go */
#define UF_CALM		_IOWR('F', 7, struct uf_arg)
#define UF_RESUME_ALL	_IOWR('F', 8, struct uf_arg)
#define UF_DETACH_ALL	_IOWR('F', 9, struct uf_arg)
#define UF_COUNTS	_IOWR('F', 10, struct uf_arg)
#define UF_WAIT		_IOWR('F', 11, struct uf_arg)	/* a=ms, until all are released */
/* slot=which probe pid=file a=offset b=on? seed: handlers control engines */
#define UF_PROBE	_IOWR('F', 12, struct uf_arg)

#endif /* UTRACE_FUZZ_UAPI_H */
