/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fuzzer of engines.  A sequence is generated from a seed: programs
 * (model.h), and operations of several actors in phases.  In a phase the actors
 * are not synchronized.  After it nothing holds a task any more, and each
 * thread of each program must complete a unit.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../modules/utrace_fuzz/uapi.h"
#include "model.h"
#include "utrace_constants.h"	/* made from include/linux/utrace.h */

#define EVENTS_MASK	((1ULL << _UTRACE_NEVENTS) - 1)

/* Threads that control engines, one that sends signals etc., and a ptracer */
enum actor { C0, C1, C2, DISTURB, TRACER, ACTORS };

/* op(NAME, actor); C0 stands for C0, C1 and C2 */
#define OPS(op) \
	op(attach, C0) op(detach, C0) op(control, C0) op(events, C0) \
	op(barrier, C0) op(examine, C0) op(pause, C0) \
	op(kill, DISTURB) op(tgkill, DISTURB) op(freeze, DISTURB) op(thaw, DISTURB) \
	op(probe, DISTURB) op(unprobe, DISTURB) op(finish, DISTURB) \
	op(sigkill, DISTURB) op(rest, DISTURB) \
	op(seize, TRACER) op(pt_attach, TRACER) op(interrupt, TRACER) \
	op(listen, TRACER) op(cont, TRACER) op(syscall, TRACER) op(step, TRACER) \
	op(pt_detach, TRACER) op(end, TRACER) op(look, TRACER) op(forge, TRACER)
#define OP_ENUM(name, actor) OP_##name,
enum op_kind { OPS(OP_ENUM) N_OPS };

struct op {
	int phase, actor, kind;
	int target, thread, slot;
	uint64_t a, b, seed;
};

/* Known faults: what triggers them is not generated without --show. */
#define FAULTS(fault) \
	fault(init_signal) fault(init_step) fault(probe_step) fault(seccomp_watch) \
	fault(forged_stop) fault(hold_loop) fault(late_release) fault(lost_resume) \
	fault(left_trap)
#define FAULT_ENUM(name) FAULT_##name,
enum fault { FAULTS(FAULT_ENUM) N_FAULTS };

enum ending { FINISH_ATTACHED, FINISH_DETACHED, KILLED, ENDINGS };

#define MAX_OPS		128
struct sequence {
	uint64_t seed;
	int programs, phases, ending, n;
	bool lethal, wrong;
	bool tracer_steps;	/* it steps tracees; otherwise it detaches */
	struct program program[MAX_TARGETS];
	struct op ops[MAX_OPS];
};

struct options {
	uint64_t seed;
	long count, rounds;
	int ops;			/* run only the first ops; -1: all */
	unsigned int faults;		/* bits: enum fault, from --show */
	bool wrong;			/* engines return random bits */
	bool no_engines;		/* without the module, on any kernel */
	bool print, verbose;
	int slow;			/* factor for time limits */
	const char *dir;		/* contains target64 and target32 */
};

extern struct options opt;
extern struct shared *shared;

static inline bool shows(enum fault fault)
{
	return opt.faults & (1U << fault);
}

/* gen.c */
void generate(uint64_t seed, struct sequence *seq);
void op_text(const struct op *op, char *buf, size_t size);
void print_sequence(const struct sequence *seq, int ops);

/* run.c */
extern struct sequence *seq;
extern pid_t program_pid[MAX_TARGETS];
extern bool was_killed[MAX_TARGETS];
extern int device;
/* Run one sequence in the calling process.  Returns its exit status. */
int run_sequence(struct sequence *sequence);
/* End the run.  Only the first message is kept. */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool in_prefix(const struct op *op);
pid_t task_of(const struct op *op);
int call(unsigned int cmd, struct uf_arg *arg);

/* actor.c */
void *act(void *arg);
void open_targets(void);
void thaw(void);
/* Fails if SIGKILL does not end the program in time. */
void kill_program(int nr);

/* tracer.c */
void trace(void);

/* watch.c */
long now_ms(void);
void sleep_us(long us);
bool group_alive(pid_t pgid);
bool group_stopped(pid_t pgid);
void show_group(pid_t pgid);
long layer_objects(void);
long settle_objects(long want);
void log_start(void);
/* Returns the next line since log_start() that shows a fault, or NULL. */
const char *log_complaint(bool wrong);
int write_file(const char *path, const char *text);

#endif
