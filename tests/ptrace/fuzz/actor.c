// SPDX-License-Identifier: GPL-2.0-only
/* What the actors share: raw system calls, names, the log, the wait for a step. */
#include <fcntl.h>
#include <linux/futex.h>

#include "../rig.h"
#include "fuzz.h"

/* Threads of A share one errno, so nobody uses it */
long raw(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 asm("r10") = d;
	register long r8 asm("r8") = e;
	register long r9 asm("r9") = f;
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory");
	return ret;
}

void map_shared(bool create)
{
	const size_t size = (sizeof(struct shared) + 4095) & ~4095UL;

	if (create) {
		int fd = memfd_create("fuzz", 0);

		if (fd < 0 || ftruncate(fd, size) || dup2(fd, SHARED_FD) < 0)
			abort();
		close(fd);
	}
	if (mmap(SHARED, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
		 SHARED_FD, 0) != SHARED)
		abort();
}

/* B is nobody if there is none, and the children come one pid earlier */
static int roles(void)
{
	return SHARED->setting.second == SECOND_NONE ? ROLE_B : ROLES;
}

pid_t pid_of(int target)
{
	if (target == AT_ANY)
		return -1;
	if (target == AT_GROUP)
		return -(SHARED->base + ROLE_A);
	if (target >= AT_FIRST)
		return SHARED->base + roles() + target - AT_FIRST;
	return target < roles() ? SHARED->base + target : 1 << 21;
}

const char *name_of(pid_t pid)
{
	static __thread char buf[4][16];
	static __thread unsigned int i;
	const int n = pid - SHARED->base;

	i = (i + 1) % 4;
	if (pid <= 0 || n < 0 || n > 1000)
		snprintf(buf[i], sizeof(buf[i]), pid == 1 ? "init" : pid > 0 ? "?" : "%d", pid);
	else if (n < roles())
		snprintf(buf[i], sizeof(buf[i]), "%c", "TPAB"[n]);
	else
		snprintf(buf[i], sizeof(buf[i]), "c%d", n - roles() + 1);
	return buf[i];
}

/* Signal handlers call it: the line is complete before the driver looks */
void note(const char *fmt, ...)
{
	char line[160];
	unsigned int at;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	at = __sync_fetch_and_add(&SHARED->used, n);
	if (at + n < sizeof(SHARED->log))
		memcpy(SHARED->log + at, line, n);
}

/* -ESRCH, or a number */
const char *ret_text(long ret)
{
	static __thread char buf[4][32];
	static __thread unsigned int i;

	i = (i + 1) % 4;
	if (ret < 0 && ret > -4096 && strerrorname_np(-ret))
		snprintf(buf[i], sizeof(buf[i]), "-%s", strerrorname_np(-ret));
	else
		snprintf(buf[i], sizeof(buf[i]), "%ld", ret);
	return buf[i];
}

/*
 * Everyone on one processor, the actors before the driver: it runs only when
 * none of them can, and what they do in between is in one order.
 */
void idle_priority(bool actor)
{
	struct sched_param param = { .sched_priority = actor ? 10 : 0 };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_setscheduler(0, actor ? SCHED_FIFO : SCHED_OTHER, &param);
}

void act(int role)
{
	struct slot *slot = &SHARED->slots[role];
	struct step step;

	for (;;) {
		while (slot->posted == slot->done)
			raw(SYS_futex, (long)&slot->posted, FUTEX_WAIT, slot->done, 0, 0, 0);
		step = slot->step;
		*slot->result = 0;
		if (role < ROLE_A)
			outer_step(&step, slot->result, sizeof(slot->result));
		else
			inner_step(role, &step, slot->result, sizeof(slot->result));
		slot->done = slot->posted;
	}
}
