/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's atomic operations in C11 atomics, and the scheduling of the
 * model's threads.
 *
 * Another thread may run at each access to shared memory.  POSIX threads are
 * scheduled by the kernel, and yield at random points.  Coroutines are switched
 * by a random number at each point, so that a seed reproduces a failure.
 */
#ifndef _TESTS_MODEL_SCHED_H
#define _TESTS_MODEL_SCHED_H

#include <stdatomic.h>
#include <stdbool.h>

#define MAX_ACTORS	5

/* Another thread may run here. */
void point(void);

/* Another thread must run before the caller can proceed. */
void relax(void);

/* Returns a random number below @n.  Each POSIX thread has its own sequence. */
unsigned int any(unsigned int n);

/* Run @actors to their ends, as coroutines or as threads. */
void run_coroutines(void (*const actors[])(void), int n, unsigned int seed);
void run_threads(void (*const actors[])(void), int n, unsigned int seed);

/*
 * ThreadSanitizer does not support fences.  With it, use only the CPU's, and
 * let it check that the other operations order all accesses.
 */
#ifdef __SANITIZE_THREAD__
#define smp_mb()	__builtin_ia32_mfence()
#else
#define smp_mb()	atomic_thread_fence(memory_order_seq_cst)
#endif

#define READ_ONCE(x) \
	(point(), atomic_load_explicit(&(x), memory_order_relaxed))
#define WRITE_ONCE(x, v) \
	(point(), atomic_store_explicit(&(x), (v), memory_order_relaxed))
#define smp_load_acquire(p) \
	(point(), atomic_load_explicit(p, memory_order_acquire))
#define smp_store_release(p, v) \
	(point(), atomic_store_explicit(p, (v), memory_order_release))
/* As in the kernel: a full barrier before and after. */
#define xchg(p, v) ({							\
	point();							\
	smp_mb();							\
	__auto_type __old = atomic_exchange(p, v);			\
	smp_mb();							\
	__old;								\
})
#define try_cmpxchg(p, old, v) ({					\
	point();							\
	smp_mb();							\
	bool __done = atomic_compare_exchange_strong(p, old, v);	\
	smp_mb();							\
	__done;								\
})

typedef atomic_int spinlock_t;

static inline void spin_lock(spinlock_t *lock)
{
	while (xchg(lock, 1))
		relax();
}

static inline void spin_unlock(spinlock_t *lock)
{
	smp_store_release(lock, 0);
}

#endif /* _TESTS_MODEL_SCHED_H */
