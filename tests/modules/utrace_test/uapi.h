/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/utrace_test: each open file is a context with engines of its own.
 * ioctl() makes calls of the utrace API, read() returns a record of each
 * callback.
 */
#ifndef UTRACE_TEST_UAPI_H
#define UTRACE_TEST_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Callbacks, and the records UT_OPRES and UT_UPROBE, which are not callbacks.
 * The comments list arg[] of struct ut_rec.
 */
enum ut_cb {
	UT_QUIESCE,		/* event, ip */
	UT_REAP,		/* pid */
	UT_CLONE,		/* flags, tid of the child */
	UT_EXEC,		/* fmt and bprm not NULL?, ip, sp; name */
	UT_EXIT,		/* orig_code, *code, signal pending? */
	UT_DEATH,		/* group_dead, signal */
	UT_SYSCALL_ENTRY,	/* number, six arguments */
	UT_SYSCALL_EXIT,	/* number, result */
	UT_SIGNAL,		/* signo, code, pid, value, orig handler, handler */
	UT_JCTL,		/* type, notify */
	UT_SECCOMP,		/* data, number */
	UT_VFORK_DONE,		/* pid */
	UT_GROUP_STOP,		/* sig */
	UT_TRAP,		/* only for UT_OPS_STOPPED, _LEAVES_FATAL */
	UT_HANDLER,		/* ip */
	UT_RELEASE,
	UT_OPRES,		/* op, result, ut_op.a, ut_op.b */
	UT_STOPPED,		/* event, in TASK_TRACED?, after report_ */
				/* stopping?, siglock held?; as UT_TRAP */
	UT_UPROBE,		/* ip; from the handler of a uprobe */
	UT_NCB
};

/* Operations of a rule inside a callback, with the arguments a and b */
enum ut_opcode {
	UT_OP_NONE,
	UT_OP_SETREG,		/* register a to b */
	UT_OP_SETSIG,		/* info to signal a, SI_QUEUE, value b */
	UT_OP_SETSIGNO,		/* info->si_signo to a, the rest unchanged */
	UT_OP_SETKA,		/* return_ka handler to a */
	UT_OP_SETCODE,		/* exit code to a */
	UT_OP_CONTROL,		/* engine a (-1: this engine), action b */
	UT_OP_SETEVENTS,	/* engine a (-1: this engine), mask b */
	UT_OP_BARRIER,		/* engine a (-1: this engine) */
	UT_OP_BLOCK,		/* sleep until gate a is opened */
	UT_OP_FOLLOW,		/* attach to the new child, mask a, flags b */
	UT_OP_ATTACH,		/* attach another engine to current, mask a */
	UT_OP_SENDSIG,		/* send_sig() of signal a to current */
	UT_OP_NOLOG,		/* do not record this callback */
	UT_OP_ATTACHCHILD,	/* as FOLLOW, without copying the rules */
	UT_OP_OWNKA,		/* return_ka to the sigaction of signal a */
	UT_OP_EXAMINE,		/* prepare_examine of engine a (-1: this) */
	UT_OP_SPIN,		/* as BLOCK, but spin: for atomic context */
	UT_NOPS
};

/* Flags of UT_OP_FOLLOW */
#define UT_FOLLOW_NOHANDLE	1

/* Registers, by their names on x86-64 */
enum ut_reg {
	UT_AX, UT_ORIG_AX, UT_DI, UT_SI, UT_DX, UT_R10, UT_R8, UT_R9,
	UT_IP, UT_SP, UT_BX, UT_CX, UT_BP, UT_FLAGS, UT_NREGS
};

/* Tables of callbacks that an engine can be attached with */
enum ut_ops {
	UT_OPS_A,		/* all callbacks of a module */
	UT_OPS_B,		/* the same callbacks in another table */
	UT_OPS_NULL,		/* NULL instead of a table */
	UT_OPS_QUIESCE,		/* report_quiesce and release only */
	UT_OPS_SIGNAL,		/* report_signal and release only */
	UT_OPS_EMPTY,		/* release only */
	UT_OPS_NORELEASE,	/* all but release */
	UT_OPS_STOPPED,		/* all, and those of a built-in engine */
	UT_OPS_LEAVES_FATAL,	/* as STOPPED, with ->leaves_fatal set */
	UT_OPS_LACK,		/* + cb: all but that callback */
	UT_NOPSTABLES = UT_OPS_LACK + UT_RELEASE
};

/* How a call passes the task to utrace */
enum ut_how {
	UT_HOW_TASK,		/* task pointer */
	UT_HOW_PID,		/* the _pid form */
	UT_HOW_RCU,		/* task pointer, under rcu_read_lock */
	UT_HOW_CURRENT,		/* the wrong task: the caller itself */
	UT_HOW_HELD,		/* attach: the task of UT_HOLD */
	UT_HOW_HELDPID,		/* attach: the struct pid of UT_HOLD */
	UT_HOW_EXPORTED,	/* attach: exported function for any table */
};

#define UT_ANY		((__s64)(1ULL << 63))
#define UT_KEEP		0	/* rule.set: return the action passed in */

struct ut_op {
	__u32 op;
	__u32 pad;
	__s64 a;
	__s64 b;
};

#define UT_RULE_OPS	6

/*
 * The first rule that matches a callback determines its operations and its
 * return value: ((action & ~UTRACE_RESUME_MASK) | UTRACE_RESUME), in which the
 * bits in @set are cleared and those in @answer are set.
 */
struct ut_rule {
	__s32 handle;
	__u32 cb;
	__s64 match;		/* first argument, or UT_ANY */
	__u32 kind_mask;	/* (action & kind_mask) == kind */
	__u32 kind;
	__u32 first;		/* first match it acts on, from 1 */
	__u32 last;		/* last match it acts on; 0: no limit */
	__u32 set;
	__u32 answer;
	struct ut_op ops[UT_RULE_OPS];
};

struct ut_rec {
	__u64 seq;
	__s32 handle;
	__u32 cb;
	__s32 tid;		/* current in the callback */
	__u32 action;
	__u32 answer;
	__u32 cpu;
	__u64 arg[8];
	char name[32];
};

/* Argument of all requests but UT_RULE */
struct ut_call {
	__s32 handle;
	__s32 pid;
	__u32 flags;
	__u32 how;
	__u32 ops;
	__u32 fail;		/* UT_ATTACH: which allocation fails, 0: none */
	__s64 a;
	__s64 b;
	__s64 res;		/* what the function under test returned */
	__u64 out[UT_NCB];
};

/* UT_STORM: calls between attach and detach */
#define UT_STORM_STOP		1	/* control STOP */
#define UT_STORM_INTERRUPT	2
#define UT_STORM_REPORT		4
#define UT_STORM_BARRIER	8
#define UT_STORM_ATOMIC		16	/* attach under rcu_read_lock */
#define UT_STORM_RESUME		32
#define UT_STORM_EXAMINE	64
#define UT_STORM_LEAVE		128	/* no detach call: detached at death */

/* UT_STORM: out[] */
enum ut_storm_out {
	UT_ST_ATTACHED, UT_ST_ATTACH_ESRCH, UT_ST_ATTACH_BUSY,
	UT_ST_DETACH_0, UT_ST_DETACH_INPROGRESS, UT_ST_DETACH_ESRCH,
	UT_ST_DETACH_ALREADY, UT_ST_UNEXPECTED, UT_ST_LAST_ERRNO,
	UT_ST_STOPPED, UT_ST_EXAMINED
};

/* UT_GLOBAL: out[] */
enum ut_global_out {
	UT_GL_LATE,		/* callbacks after detach or barrier returned */
	UT_GL_WRONG_TASK,	/* callbacks in another task than the engine's */
	UT_GL_ATOMIC,		/* callbacks in atomic context */
	UT_GL_DOUBLE_RELEASE,
	UT_GL_LIVE,		/* engines attached or referenced */
	UT_GL_NOUTS
};

/* pid ops flags how fail a=mask; MATCH_DATA: b=engine whose data is used */
#define UT_ATTACH	_IOWR('U', 1, struct ut_call)
#define UT_CONTROL	_IOWR('U', 2, struct ut_call)	/* handle how a=action */
#define UT_SET_EVENTS	_IOWR('U', 3, struct ut_call)	/* handle how a=mask */
#define UT_BARRIER	_IOWR('U', 4, struct ut_call)	/* handle how */
#define UT_RULE		_IOW('U', 5, struct ut_rule)
#define UT_CLEAR	_IOWR('U', 6, struct ut_call)	/* handle: free rules */
#define UT_GATE		_IOWR('U', 7, struct ut_call)	/* a=gate b=open? */
#define UT_INFO		_IOWR('U', 8, struct ut_call)	/* handle: res=flags, out=counts by cb */
#define UT_PUT		_IOWR('U', 9, struct ut_call)	/* handle: drop the reference */
#define UT_PREPARE	_IOWR('U', 10, struct ut_call)	/* handle */
#define UT_FINISH	_IOWR('U', 11, struct ut_call)	/* handle */
/* handle: set register a (-1: none) to b, then out=registers */
#define UT_REGS		_IOWR('U', 12, struct ut_call)
#define UT_HOLD		_IOWR('U', 13, struct ut_call)	/* pid: keep its task */
#define UT_STORM	_IOWR('U', 14, struct ut_call)	/* pid a=rounds flags b=mask */
#define UT_TOTALS	_IOWR('U', 15, struct ut_call)	/* out=counts of the context by cb */
#define UT_RELEASED	_IOWR('U', 16, struct ut_call)	/* wait b ms: <= a left */
#define UT_GLOBAL	_IOWR('U', 17, struct ut_call)
/* handle a=mask of 1 << cb: callbacks that are not logged */
#define UT_MUTE		_IOWR('U', 18, struct ut_call)
/* handle a=file descriptor b=offset: a hit runs the engine's rules; -1: none */
#define UT_ADD_UPROBE	_IOWR('U', 19, struct ut_call)
/*
 * pid a=signal: send it to the task at each utrace_control() of the task, to
 * test a signal during a detach.  pid 0: end this; res=number of signals sent
 */
#define UT_DETACH_SIGNAL _IOWR('U', 20, struct ut_call)

#endif /* UTRACE_TEST_UAPI_H */
