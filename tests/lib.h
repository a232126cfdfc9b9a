/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Helpers of the test programs: ioctls of /dev/utrace_test, its log, and
 * children that are controlled step by step.  All waiting is for an event, with
 * a time limit.
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

/* The open file of the running test */
extern int ut_fd;
/* Factor for time limits: 5 on slow kernels (debug, kcsan), otherwise 1 */
extern int ut_slow;

/* Shared with the children */
struct ut_shm {
	volatile int at, go;		/* steps reached and allowed */
	volatile int flag[16];
	volatile long val[16];
};

extern struct ut_shm *ut_shm;

int ut_setup(void);
void ut_teardown(void);
/* Returns NULL, or the rule that a callback has violated since ut_setup(). */
const char *ut_complaint(void);

/* Calls.  All return what the utrace function returned. */
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
/* Wait until the engine can examine the task, which it has stopped. */
int ut_wait_examine(int h);
int ut_regs(int h, uint64_t *regs);
int ut_setreg(int h, int reg, uint64_t val);
/*
 * Set a uprobe at @addr of this program, until ut_teardown().  When h's task
 * hits it, the handler runs h's rules for UT_UPROBE; h -1: it does nothing.
 */
int ut_uprobe(int h, const void *addr);
int64_t ut_flags(int h);
int ut_count(int h, int cb);
int64_t ut_total(int cb);
/*
 * Wait until ut_count() is n, and return it; the last value after the time
 * limit.  report_death and report_reap may run after the parent's wait() has
 * returned.
 */
int ut_count_is(int h, int cb, int n);
/* Wait until the reaping of the task has detached the engine. */
int ut_wait_detached(int h);
void ut_put(int h);
void ut_clear(int h);
void ut_mute(int h, unsigned long callbacks);
void ut_gate(int gate, bool open);
/* Send sig to pid during each detach; pid 0: end this, return how many. */
int ut_detach_signal(pid_t pid, int sig);
int ut_hold(pid_t pid);
int ut_released(int live);
int ut_storm(struct ut_call *c, pid_t pid, long rounds, int flags,
	     uint64_t events);

int ut_rule_add(const struct ut_rule *rule);
/*
 * ut_rule(engine, callback, .member = ...): a rule for each call of the
 * callback.  .match, .kind, .first and .last restrict it to some calls.
 */
#define ut_rule(h, c, ...)						\
	ut_rule_add(&(struct ut_rule){ .handle = (h), .cb = (c),	\
				       .match = UT_ANY, ##__VA_ARGS__ })
/* Members of a rule: the return value */
#define ANSWER(action)	.set = UTRACE_RESUME_MASK, .answer = (action)
#define ANSWER_ALL(ans)	.set = 0x1ff, .answer = (ans)
/* Members of a rule: for the n-th match only */
#define NTH(...)	.first = (__VA_ARGS__), .last = (__VA_ARGS__)
#define OPS(...)	.ops = { __VA_ARGS__ }
#define OP(name, ...)	{ .op = UT_OP_##name, UT_OPARGS(__VA_ARGS__) }
#define UT_OPARGS(...)	UT_OPARGS_(0, ##__VA_ARGS__, 0, 0)
#define UT_OPARGS_(z, x, y, ...) .a = (int64_t)(x), .b = (int64_t)(y)

/*
 * Log.  Waits for the next record.  After the time limit, prints the log so far
 * on stderr and returns NULL.
 */
struct ut_rec *ut_next(void);
/* Wait for a record of h and cb (-1: any), and skip others. */
struct ut_rec *ut_wait(int h, int cb);
/* As ut_wait(), with this first argument */
struct ut_rec *ut_wait_arg(int h, int cb, uint64_t arg);
/* Wait for the result of a rule's operation. */
struct ut_rec *ut_wait_op(int h, int op);
/* Returns a record if there is one, otherwise NULL. */
struct ut_rec *ut_poll(void);
/* Remove all records from the log.  Returns the number of those of h and cb. */
int ut_drain(int h, int cb);

/* Children: killed and reaped by ut_teardown() */
pid_t ut_child(int (*fn)(void));
pid_t ut_child_as(int (*fn)(void), int flags);
#define UT_NOREAP	1		/* no zombie, or not of this process */
void ut_forget(pid_t pid);
/* In a child: arrive at step n, and spin in user mode until ut_go(n). */
void ut_step(int n);
/* Reset the steps for a new child. */
void ut_restart(void);
/* Let the child continue from step n. */
void ut_go(int n);
/* Wait until the child is at step n. */
int ut_wait_at(int n);
/* Returns the wait status of a child. */
int ut_reap(pid_t pid);
char ut_state(pid_t pid);
int ut_wait_state(pid_t pid, char state);
/* Wait until pid sleeps in system call nr (-1: any). */
int ut_wait_syscall(pid_t pid, int nr);
/* Returns the value of a line of /proc/PID/status, or NULL. */
const char *ut_status(pid_t pid, const char *key);
/* Wait until the process does not exist any more. */
int ut_wait_gone(pid_t pid);
/* Wait until *p == val. */
int ut_wait_val(volatile int *p, int val);
int ut_pin(int cpu);
/* Pin the test to CPU 0.  False: there is no other CPU for its children. */
bool ut_two_processors(void);
/* Set a seccomp filter: system call nr gets action, others are allowed. */
int ut_filter(int nr, uint32_t action);
/* Objects in use in the caches of utrace and ptrace; -1: slabinfo has none. */
long ut_objects(void);
/* Wait until there are at most @want objects.  Returns the number. */
long ut_settled_objects(long want);
/* Wait until the number is the same after three grace periods; return it. */
long ut_steady_objects(void);
/* Scale a number of rounds: fewer on slow kernels, more in tests/stress.sh. */
long ut_rounds(long n);
long ut_now_ms(void);
bool ut_expired(long *start);
int ut_read_int(const char *path, long *val);
int ut_write_str(const char *path, const char *val);

/* A system call without libc's handling of errors, cancellation etc. */
long ut_syscall(long nr, long a, long b, long c, long d, long e, long f);

#endif /* UT_LIB_H */
