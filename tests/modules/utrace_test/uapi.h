/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/utrace_test: each open file is a context with engines of its own.
 * Calls go in by ioctl, records of callbacks come out by read.
 */
#ifndef UTRACE_TEST_UAPI_H
#define UTRACE_TEST_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Callbacks, and two kinds of records that are none */
enum ut_cb {
	UT_QUIESCE,		/* event, ip */
	UT_REAP,		/* pid */
	UT_CLONE,		/* flags, tid of the child */
	UT_EXEC,		/* fmt and bprm given?, ip, sp; name */
	UT_EXIT,		/* orig_code, *code, signal pending? */
	UT_DEATH,		/* group_dead, signal */
	UT_SYSCALL_ENTRY,	/* number, six arguments */
	UT_SYSCALL_EXIT,	/* number, result */
	UT_SIGNAL,		/* signo, code, pid, value, orig handler, handler */
	UT_JCTL,		/* type, notify */
	UT_SECCOMP,		/* data, number */
	UT_VFORK_DONE,		/* pid */
	UT_GROUP_STOP,		/* sig */
	UT_TRAP,		/* only with UT_OPS_STOPPED, _LEAVES_FATAL */
	UT_HANDLER,		/* ip */
	UT_RELEASE,
	UT_OPRES,		/* op, result, its a, its b */
	UT_STOPPED,		/* event, in TASK_TRACED?, came report_stopping */
				/* before, under siglock?; only as UT_TRAP */
	UT_UPROBE,		/* ip; the handler of a uprobe, no callback */
	UT_NCB
};

/* What a rule can do inside a callback, with a and b */
enum ut_opcode {
	UT_OP_NONE,
	UT_OP_SETREG,		/* register a to b */
	UT_OP_SETSIG,		/* info becomes signal a from user, value b */
	UT_OP_SETSIGNO,		/* only info->si_signo becomes a */
	UT_OP_SETKA,		/* return_ka handler to a */
	UT_OP_SETCODE,		/* exit code to a */
	UT_OP_CONTROL,		/* engine a (-1: itself), action b */
	UT_OP_SETEVENTS,	/* engine a (-1: itself), mask b */
	UT_OP_BARRIER,		/* engine a (-1: itself) */
	UT_OP_BLOCK,		/* until gate a is opened */
	UT_OP_FOLLOW,		/* attach to the new child, mask a, flags b */
	UT_OP_ATTACH,		/* attach another engine to current, mask a */
	UT_OP_SENDSIG,		/* signal a to current's process */
	UT_OP_NOLOG,		/* no record of this callback */
	UT_OP_ATTACHCHILD,	/* as FOLLOW, but with no rules */
	UT_OP_OWNKA,		/* return_ka becomes the task's for signal a */
	UT_OP_EXAMINE,		/* prepare_examine of engine a (-1: itself) */
	UT_OP_SPIN,		/* as BLOCK, where it may not sleep */
	UT_NOPS
};

/* Flags of UT_OP_FOLLOW */
#define UT_FOLLOW_NOHANDLE	1

/* Registers, by their names on x86-64 */
enum ut_reg {
	UT_AX, UT_ORIG_AX, UT_DI, UT_SI, UT_DX, UT_R10, UT_R8, UT_R9,
	UT_IP, UT_SP, UT_BX, UT_CX, UT_BP, UT_FLAGS, UT_NREGS
};

/* Tables of callbacks an engine can be attached with */
enum ut_ops {
	UT_OPS_A,		/* everything */
	UT_OPS_B,		/* the same, but another table */
	UT_OPS_NULL,		/* NULL instead of a table */
	UT_OPS_QUIESCE,		/* report_quiesce and release only */
	UT_OPS_SIGNAL,		/* report_signal and release only */
	UT_OPS_EMPTY,		/* release only */
	UT_OPS_NORELEASE,	/* everything but release */
	UT_OPS_STOPPED,		/* everything, as a built-in engine */
	UT_OPS_LEAVES_FATAL,	/* the same, and that flag */
	UT_OPS_LACK,		/* + cb: everything but that callback */
	UT_NOPSTABLES = UT_OPS_LACK + UT_RELEASE
};

/* How a call names its task */
enum ut_how {
	UT_HOW_TASK,		/* task pointer */
	UT_HOW_PID,		/* the _pid form */
	UT_HOW_RCU,		/* task pointer, under rcu_read_lock */
	UT_HOW_CURRENT,		/* the wrong one: the caller itself */
	UT_HOW_HELD,		/* attach: the task kept by UT_HOLD */
	UT_HOW_HELDPID,		/* attach: its struct pid, the _pid form */
	UT_HOW_EXPORTED,	/* attach: as a module, whatever the table */
};

#define UT_ANY		((__s64)(1ULL << 63))
#define UT_KEEP		0	/* rule.set: answer what was passed in */

struct ut_op {
	__u32 op;
	__u32 pad;
	__s64 a;
	__s64 b;
};

#define UT_RULE_OPS	6

/*
 * The first rule that matches a callback says what it does and answers:
 * (action without resume part, plus UTRACE_RESUME) with @set replaced
 */
struct ut_rule {
	__s32 handle;
	__u32 cb;
	__s64 match;		/* first argument, or UT_ANY */
	__u32 kind_mask;	/* (action & kind_mask) == kind */
	__u32 kind;
	__u32 first;		/* occurrences it is for, from 1; 0: from first */
	__u32 last;		/* 0: for ever */
	__u32 set;
	__u32 answer;
	struct ut_op ops[UT_RULE_OPS];
};

struct ut_rec {
	__u64 seq;
	__s32 handle;
	__u32 cb;
	__s32 tid;		/* who ran the callback */
	__u32 action;
	__u32 answer;
	__u32 cpu;
	__u64 arg[8];
	char name[32];
};

/* Every other call */
struct ut_call {
	__s32 handle;
	__s32 pid;
	__u32 flags;
	__u32 how;
	__u32 ops;
	__u32 fail;		/* UT_ATTACH: which allocation, 0: none */
	__s64 a;
	__s64 b;
	__s64 res;		/* what the function under test returned */
	__u64 out[UT_NCB];
};

/* UT_STORM: what is done between attach and detach */
#define UT_STORM_STOP		1	/* control STOP */
#define UT_STORM_INTERRUPT	2
#define UT_STORM_REPORT		4
#define UT_STORM_BARRIER	8
#define UT_STORM_ATOMIC		16	/* attach under rcu_read_lock */
#define UT_STORM_RESUME		32
#define UT_STORM_EXAMINE	64
#define UT_STORM_LEAVE		128	/* no detach: the death does it */

/* UT_STORM: out[] */
enum ut_storm_out {
	UT_ST_ATTACHED, UT_ST_ATTACH_ESRCH, UT_ST_ATTACH_BUSY,
	UT_ST_DETACH_0, UT_ST_DETACH_INPROGRESS, UT_ST_DETACH_ESRCH,
	UT_ST_DETACH_ALREADY, UT_ST_UNEXPECTED, UT_ST_LAST_ERRNO,
	UT_ST_STOPPED, UT_ST_EXAMINED
};

/* UT_GLOBAL: out[] */
enum ut_global_out {
	UT_GL_LATE,		/* callbacks after the last one was promised */
	UT_GL_WRONG_TASK,	/* callbacks in another task than the engine's */
	UT_GL_ATOMIC,		/* callbacks that could not sleep */
	UT_GL_DOUBLE_RELEASE,
	UT_GL_LIVE,		/* engines attached or referenced */
	UT_GL_NOUTS
};

/* pid ops flags how fail a=mask, with MATCH_DATA b=handle of whose data */
#define UT_ATTACH	_IOWR('U', 1, struct ut_call)
#define UT_CONTROL	_IOWR('U', 2, struct ut_call)	/* handle how a=action */
#define UT_SET_EVENTS	_IOWR('U', 3, struct ut_call)	/* handle how a=mask */
#define UT_BARRIER	_IOWR('U', 4, struct ut_call)	/* handle how */
#define UT_RULE		_IOW('U', 5, struct ut_rule)
#define UT_CLEAR	_IOWR('U', 6, struct ut_call)	/* handle: drop its rules */
#define UT_GATE		_IOWR('U', 7, struct ut_call)	/* a=gate b=open? */
#define UT_INFO		_IOWR('U', 8, struct ut_call)	/* handle: res=flags, out=counts by cb */
#define UT_PUT		_IOWR('U', 9, struct ut_call)	/* handle: drop the reference */
#define UT_PREPARE	_IOWR('U', 10, struct ut_call)	/* handle */
#define UT_FINISH	_IOWR('U', 11, struct ut_call)	/* handle */
/* handle: out=registers; before that register a (-1: none) becomes b */
#define UT_REGS		_IOWR('U', 12, struct ut_call)
#define UT_HOLD		_IOWR('U', 13, struct ut_call)	/* pid: keep its task_struct */
#define UT_STORM	_IOWR('U', 14, struct ut_call)	/* pid a=rounds flags b=mask */
#define UT_TOTALS	_IOWR('U', 15, struct ut_call)	/* out=counts of the context by cb */
#define UT_RELEASED	_IOWR('U', 16, struct ut_call)	/* wait until only a engines live, b ms */
#define UT_GLOBAL	_IOWR('U', 17, struct ut_call)
/* handle a=mask of 1 << cb to leave out of the log */
#define UT_MUTE		_IOWR('U', 18, struct ut_call)
/* handle (-1: none) a=file descriptor b=offset: whose rules its hits run */
#define UT_ADD_UPROBE	_IOWR('U', 19, struct ut_call)
/*
 * pid a=signal that is sent to it in each utrace_control() of it, as in a
 * detach; pid 0: no more, res=how many were sent
 */
#define UT_DETACH_SIGNAL _IOWR('U', 20, struct ut_call)

#endif /* UTRACE_TEST_UAPI_H */
