/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test programs share: calls to the test engine, its log, children
 * that go step by step.  Everything waits for an event, with a limit.
 */
#ifndef UT_LIB_H
#define UT_LIB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "modules/utrace_test/uapi.h"
#include "utrace_constants.h"	/* made from include/linux/utrace.h */

#define EV(type)	((uint64_t)1 << _UTRACE_EVENT_##type)
#define EV_SIGNALS	(EV(SIGNAL) | EV(SIGNAL_IGN) | EV(SIGNAL_STOP) | \
			 EV(SIGNAL_TERM) | EV(SIGNAL_CORE))
#define EV_SYSCALLS	(EV(SYSCALL_ENTRY) | EV(SYSCALL_EXIT))
/* TRAP is for built-in engines: those attached with UT_OPS_STOPPED */
#define EV_ALL		((((uint64_t)1 << _UTRACE_NEVENTS) - 1) & ~EV(TRAP))

#define EINPROGRESS_	115
#define ERESTARTSYS_	512
#define ERESTARTNOINTR_	513

/* The context of the running test */
extern int ut_fd;
/* How many times slower than a plain kernel this one is (debug, kcsan) */
extern int ut_slow;

/* Shared with children */
struct ut_shm {
	volatile int at, go;		/* steps reached and allowed */
	volatile int flag[16];
	volatile long val[16];
};

extern struct ut_shm *ut_shm;

int ut_setup(void);
void ut_teardown(void);
/* NULL, or what went wrong in any callback since ut_setup() */
const char *ut_complaint(void);

/* Calls.  All return what the layer's function returned */
int ut_open(void);
int ut_call(unsigned int cmd, struct ut_call *c);
int ut_attach(pid_t pid, uint64_t events);
int ut_attach_ops(pid_t pid, int ops, uint64_t events);
int ut_attach_as(pid_t pid, int flags, int ops, int how);
int ut_attach_call(struct ut_call *c);
int ut_control(int h, int action);
int ut_control_as(int h, int action, int how);
int ut_events(int h, uint64_t events);
int ut_events_as(int h, uint64_t events, int how);
int ut_barrier(int h);
int ut_barrier_as(int h, int how);
int ut_prepare(int h);
int ut_finish(int h);
/* Until it stands still in the engine's hold */
int ut_wait_examine(int h);
int ut_regs(int h, uint64_t *regs);
int ut_setreg(int h, int reg, uint64_t val);
/*
 * A uprobe at @addr of this program, until ut_teardown().  When h's task hits
 * it, its handler runs the rules for UT_UPROBE; h -1: it does nothing.
 */
int ut_uprobe(int h, const void *addr);
int64_t ut_flags(int h);
int ut_count(int h, int cb);
int64_t ut_total(int cb);
/* The same once it is n, or at the time limit: deaths are told after wait() */
int ut_count_is(int h, int cb, int n);
/* Until the engine is detached, by the reaping of its task */
int ut_wait_detached(int h);
void ut_put(int h);
void ut_clear(int h);
void ut_mute(int h, unsigned long callbacks);
void ut_gate(int gate, bool open);
/* Each detach from pid sends it sig while it happens; pid 0: how many were sent */
int ut_detach_signal(pid_t pid, int sig);
int ut_hold(pid_t pid);
int ut_released(int live);
int ut_storm(struct ut_call *c, pid_t pid, long rounds, int flags,
	     uint64_t events);

int ut_rule_add(const struct ut_rule *rule);
/*
 * ut_rule(engine, callback, .member = ...): every callback of that kind unless
 * .match, .kind, .first, .last say less
 */
#define ut_rule(h, c, ...)						\
	ut_rule_add(&(struct ut_rule){ .handle = (h), .cb = (c),	\
				       .match = UT_ANY, ##__VA_ARGS__ })
/* Members of a rule: what to answer */
#define ANSWER(action)	.set = UTRACE_RESUME_MASK, .answer = (action)
#define ANSWER_ALL(ans)	.set = 0x1ff, .answer = (ans)
/* For the n-th one only */
#define NTH(...)	.first = (__VA_ARGS__), .last = (__VA_ARGS__)
#define OPS(...)	.ops = { __VA_ARGS__ }
#define OP(name, ...)	{ .op = UT_OP_##name, UT_OPARGS(__VA_ARGS__) }
#define UT_OPARGS(...)	UT_OPARGS_(0, ##__VA_ARGS__, 0, 0)
#define UT_OPARGS_(z, x, y, ...) .a = (int64_t)(x), .b = (int64_t)(y)

/* Log.  NULL: it did not come in time; the log so far goes to stderr */
struct ut_rec *ut_next(void);
/* Next record of that kind; others are passed over.  h or cb -1: any */
struct ut_rec *ut_wait(int h, int cb);
/* As ut_wait, with the first argument given */
struct ut_rec *ut_wait_arg(int h, int cb, uint64_t arg);
/* The result of an operation a rule did */
struct ut_rec *ut_wait_op(int h, int op);
/* A record if there is one now */
struct ut_rec *ut_poll(void);
/* How many of that kind are in the log now; takes all out */
int ut_drain(int h, int cb);

/* Children: killed and reaped by ut_teardown() */
pid_t ut_child(int (*fn)(void));
pid_t ut_child_as(int (*fn)(void), int flags);
#define UT_NOREAP	1		/* no zombie is left, or not ours */
void ut_forget(pid_t pid);
/* In a child: be at step n, and wait in user mode until it is allowed */
void ut_step(int n);
/* Another child begins at step 0 */
void ut_restart(void);
/* Allow it */
void ut_go(int n);
/* Wait until it is there */
int ut_wait_at(int n);
/* Wait status of a child */
int ut_reap(pid_t pid);
char ut_state(pid_t pid);
int ut_wait_state(pid_t pid, char state);
/* Sleeping in that system call (-1: any) */
int ut_wait_syscall(pid_t pid, int nr);
/* Value of a line of /proc/PID/status; NULL if there is none */
const char *ut_status(pid_t pid, const char *key);
/* No such process any more */
int ut_wait_gone(pid_t pid);
/* Wait until *p == val */
int ut_wait_val(volatile int *p, int val);
int ut_pin(int cpu);
/* The test on the first processor, what it acts on may use another */
bool ut_two_processors(void);
/* A seccomp filter on the caller: system call nr gets action, others are allowed */
int ut_filter(int nr, uint32_t action);
/* Objects in use in the layer's slab caches and ptrace's, -1: none are shown */
long ut_objects(void);
/* The same once they are no more than that, or never will be */
long ut_settled_objects(long want);
/* The same once it stays over three grace periods: what tasks that live hold */
long ut_steady_objects(void);
/* How many rounds: fewer on a slow kernel, more in tests/stress.sh */
long ut_rounds(long n);
long ut_now_ms(void);
bool ut_expired(long *start);
int ut_read_int(const char *path, long *val);
int ut_write_str(const char *path, const char *val);

/* System calls with nothing else around them */
long ut_syscall(long nr, long a, long b, long c, long d, long e, long f);

#endif /* UT_LIB_H */
