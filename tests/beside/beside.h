/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test engine and a ptracer, which is the test itself, hold the same task.
 *
 * A kind of ptrace stop is a child that comes to it, and what its tracer says
 * on the way.  A run goes there and on to the child's end, and writes down
 * all that the tracer sees.  A run with an engine is compared with one without.
 */
#ifndef UT_BESIDE_H
#define UT_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/types.h>

#include "lib.h"

/* What the children tell of themselves, in ut_shm */
enum { BS_USR1, BS_USR2 };		/* flag: how often the handler ran */
enum { BS_RESULT, BS_NEXT, BS_KID };	/* val: what the calls returned */

#define BS_LISTEN	0x4208	/* PTRACE_LISTEN; in a lead SIGCONT follows */
#define BS_ERRNO	77		/* of a call that an engine aborts */

enum bs_start {
	BS_SEIZE,		/* and INTERRUPT, before the way to the stop */
	BS_OLD,			/* ATTACH, the same */
	BS_ATTACH,		/* ATTACH, and this is the stop */
	BS_TRACEME,		/* it says so itself; the first stop is the one */
};

struct bs_kind {
	const char *name;
	int (*child)(void);
	enum bs_start start;	/* how it comes to be traced */
	bool born;		/* the stop is its kid's, which the engine follows */
	bool sleeps;		/* in pause(): INTERRUPT brings it to the stop */
	bool listens;		/* the stop is LISTENed to, until SIGCONT */
	bool group_stop;	/* without a tracer it stays stopped */
	bool execs;
	bool exits;
	long options;
	int lead[4];		/* requests on the way to the stop */
	int tail;		/* request after it; later ones are CONT */
	struct ut_rule event;	/* the engine's callback for it */
	int end;		/* wait status of the end */
	long natural;		/* what the first call returns by itself */
	long untouched;		/* and the second, if the first was not made */
};

/* With a variant of the fixture for each in variants.h */
extern const struct bs_kind bs_signal, bs_attach, bs_traceme, bs_born,
	bs_old_born, bs_old_signal, bs_entry, bs_exit, bs_sysemu, bs_step,
	bs_block_step, bs_sysemu_step, bs_handler, bs_interrupt, bs_group,
	bs_old_group, bs_listen, bs_cont, bs_fork, bs_vfork, bs_vfork_done,
	bs_clone, bs_exec, bs_death, bs_seccomp;

enum bs_order { BS_ALONE, BS_BEFORE, BS_AFTER };

struct bs_run;

/* What is done in a run; each may be NULL */
struct bs_action {
	uint64_t events;		/* the engine's */
	void (*prepare)(struct bs_run *run);	/* before the way to the stop */
	void (*stopped)(struct bs_run *run);	/* in the stop */
	void (*resumed)(struct bs_run *run);	/* the tracer said: go on */
	void (*ended)(struct bs_run *run);	/* before the results are noted */
	bool traps;		/* the engine steps: set those SIGTRAPs apart */
	bool brief;		/* registers are meant to differ */
};

#define BS_TEXT		16384

struct bs_run {
	const struct bs_kind *kind;
	const struct bs_action *action;
	enum bs_order order;
	int h;			/* the engine */
	pid_t pid, kid;
	int status;		/* of the last wait */
	int traps;		/* SIGTRAPs that were set apart */
	bool there;		/* the stop was reached */
	bool pushed;		/* out of pause() */
	bool resumed;		/* ->resumed was called */
	bool left;		/* the tracer has left */
	long ax;		/* in the last stop */
	char wrong[256];	/* the first thing that went wrong */
	size_t len;
	char text[BS_TEXT];	/* what the tracer saw */
};

/*
 * Everything but what makes an engine take over group stops.  TRAP is requested
 * only for the kinds that need it, where the engine is attached as a built-in one.
 */
#define BS_ALL		((EV_ALL & ~EV(GROUP_STOP)) | EV(TRAP))
/* An engine that is to hold the task is not asked in walks of others' events */
#define BS_HOLDER	(EV_SIGNALS | EV_SYSCALLS | EV(CLONE) | EV(EXEC) | \
			 EV(EXIT) | EV(SECCOMP) | EV(VFORK_DONE) | EV(DEATH))

/* The run from birth to end; 0, or -1 with run->wrong */
int bs_run(struct bs_run *run, const struct bs_kind *kind,
	   const struct bs_action *action, enum bs_order order);
/*
 * Without an engine, with one attached before, and one after the tracer: 0 if
 * the tracer saw the same.  @alone: what it does without an engine.
 */
int bs_same(const struct bs_kind *kind, const struct bs_action *alone,
	    const struct bs_action *action);
/* Both are kept there */
extern struct bs_run bs_alone, bs_with;

/* In the callbacks of an action */
#define BS_CHECK(run, cond) bs_check(run, cond, #cond)
bool bs_check(struct bs_run *run, bool good, const char *what);
void bs_note(struct bs_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The physical stop is still there, but no ptrace stop */
void bs_check_held(struct bs_run *run);
/* A ptrace stop: the tracer can look at the task */
void bs_check_stopped(struct bs_run *run);
/* The tracer leaves */
void bs_leave(struct bs_run *run);
/* SIGKILL, and the end */
void bs_kill(struct bs_run *run);
/* A rule for the event of the stop: what it answers and does */
#define bs_rule(run, ...)						\
	bs_rule_add(run, &(struct ut_rule){ __VA_ARGS__ })
void bs_rule_add(struct bs_run *run, const struct ut_rule *what);

/* record.c: what the tracer sees of a task in a stop, or of its end */
void bs_record(struct bs_run *run, pid_t pid, int status);
/* A SIGTRAP that a step has sent */
bool bs_is_step_trap(pid_t pid, int status);
/* A signal that the tracer passes on */
int bs_signal_of(pid_t pid, int status);
void bs_record_end(struct bs_run *run);

#endif /* UT_BESIDE_H */
