/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sequence fuzzer: a sequence is a list of steps, each one command to one
 * actor.  The driver gives a step only when all tasks are at rest, so that a
 * sequence gives the same transcript each time.
 *
 * Actors: T is the tracer, P a bystander, A the tracee and B a second thread of
 * A or a second process.  In each sequence the first processes are T, P, A, B,
 * in that order and in a pid namespace in which nobody else forks: so a pid
 * tells by its distance from T's who it is.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum role { ROLE_T, ROLE_P, ROLE_A, ROLE_B, ROLES };

/* Whom a step is about: the roles, and the children that are born later */
enum target { AT_NONE = -1, AT_FIRST = ROLES, AT_LAST = AT_FIRST + 3, AT_ANY, AT_GROUP };

/* The tracees' surroundings */
struct setting {
	bool parent_traces;	/* A's real parent is T, not P */
	int second;		/* what is B? */
	bool cont_handler;	/* do the tracees handle SIGCONT? */
};

enum { SECOND_NONE, SECOND_THREAD, SECOND_PROCESS, SECONDS };

/* op(NAME, who does it, what its argument is: signal, hex, decimal or none) */
#define OPS(op) \
	op(attach, OUTER, 0) op(seize, OUTER, 'x') op(interrupt, OUTER, 0) \
	op(listen, OUTER, 0) op(cont, OUTER, 's') op(syscall, OUTER, 's') \
	op(step, OUTER, 's') op(block_step, OUTER, 's') op(sysemu, OUTER, 's') \
	op(sysemu_step, OUTER, 's') op(detach, OUTER, 's') op(pt_kill, OUTER, 0) \
	op(options, OUTER, 'x') op(event_msg, OUTER, 0) op(get_info, OUTER, 0) \
	op(set_info, OUTER, 's') op(call_info, OUTER, 0) op(peek_user, OUTER, 'd') \
	op(poke_call, OUTER, 'd') op(poke_result, OUTER, 'd') \
	op(get_mask, OUTER, 0) op(set_mask, OUTER, 's') op(peek_info, OUTER, 'd') \
	op(wait, OUTER, 'x') op(waitid, OUTER, 'x') op(kill, OUTER, 's') \
	op(tgkill, OUTER, 's') op(end, OUTER, 'd') \
	op(getpid, INNER, 0) op(raise, INNER, 's') op(block, INNER, 's') \
	op(unblock, INNER, 's') op(fork, INNER, 'd') op(vfork, INNER, 'd') \
	op(thread, INNER, 'd') op(exec, INNER, 0) op(exit, INNER, 'd') \
	op(exit_group, INNER, 'd') op(pause, INNER, 0) op(nap, INNER, 0) \
	op(int3, INNER, 0) op(stop, INNER, 0) op(traceme, INNER, 0) \
	op(segv, INNER, 0) op(reap, INNER, 0) op(filter, INNER, 'd')

#define OP_ENUM(name, where, kind) OP_##name,
enum op { OPS(OP_ENUM) N_OPS };

struct step {
	int actor, op, target;
	long arg;
};

#define MAX_STEPS 32
struct sequence {
	char name[48];
	struct setting setting;
	int n;
	struct step steps[MAX_STEPS];
};

/* gen.c */
void generate(uint64_t seed, struct sequence *seq);

/* text.c */
void setting_text(const struct setting *set, char *buf, size_t size);
void step_text(const struct step *step, char *buf, size_t size);
void print_sequence(const struct sequence *seq);
/* The next sequence of a file: 1, 0 at its end, -1 if a line is wrong */
int read_sequence(void *file, struct sequence *seq);

/* Shared by all: at a fixed address, so that it survives an exec */
struct slot {
	volatile int posted, done;
	struct step step;
	char result[192];
};

struct shared {
	pid_t base, born;		/* T's pid; A's or B's, just forked */
	struct setting setting;
	bool mutate;
	unsigned int armed;		/* bits: whose tracer steps it */
	struct slot slots[ROLES];
	volatile unsigned int used;
	char log[8192];
	volatile unsigned int at;	/* of the driver: sequences begun */
	volatile unsigned int beat;	/* of the driver: steps done */
};

#define SHARED	((struct shared *)0x10000000)
#define SHARED_FD 100

void map_shared(bool create);

/* actor.c */
long raw(long nr, long a, long b, long c, long d, long e, long f);
pid_t pid_of(int target);
const char *name_of(pid_t pid);
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void act(int role) __attribute__((noreturn));
void idle_priority(bool actor);

/* outer.c, inner.c: carry a step out, say what came of it */
void outer_step(const struct step *step, char *result, size_t size);
void inner_step(int role, const struct step *step, char *result, size_t size);
void outer_start(int role);
void inner_start(int role, bool fresh);
const char *ret_text(long ret);

/* watch.c */
enum verdict { AT_REST, TIMED_OUT };
void watch_start(pid_t base);
enum verdict settle(void);
void show_changes(void);
bool is_dead(pid_t pid);
void show_all(void);

/* stage.c */
void run_sequence(const struct sequence *seq);

#endif
