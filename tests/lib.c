// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"

/* Four times the maximum on an idle machine, as all other time limits */
#define LIMIT_MS	60000
#define MAX_CHILDREN	64
#define TRACE_RECORDS	48

int ut_fd = -1;
int ut_slow = 1;
struct ut_shm *ut_shm;

static struct ut_call ut_global_before;
static struct {
	pid_t pid;
	int flags;
} children[MAX_CHILDREN];
static int nchildren;

static struct ut_rec trace[TRACE_RECORDS];
static unsigned int ntrace;

static const char *const cb_names[UT_NCB] = {
	[UT_QUIESCE] = "quiesce", [UT_REAP] = "reap", [UT_CLONE] = "clone",
	[UT_EXEC] = "exec", [UT_EXIT] = "exit", [UT_DEATH] = "death",
	[UT_SYSCALL_ENTRY] = "syscall_entry",
	[UT_SYSCALL_EXIT] = "syscall_exit", [UT_SIGNAL] = "signal",
	[UT_JCTL] = "jctl", [UT_SECCOMP] = "seccomp",
	[UT_VFORK_DONE] = "vfork_done", [UT_GROUP_STOP] = "group_stop",
	[UT_TRAP] = "trap", [UT_HANDLER] = "handler",
	[UT_RELEASE] = "release", [UT_OPRES] = "op",
	[UT_STOPPED] = "stopped", [UT_UPROBE] = "uprobe",
};

long ut_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

bool ut_expired(long *start)
{
	if (!*start)
		*start = ut_now_ms();
	if (ut_now_ms() - *start > (long)LIMIT_MS * ut_slow)
		return true;
	usleep(500);
	return false;
}

int ut_open(void)
{
	return open("/dev/utrace_test", O_RDWR | O_CLOEXEC);
}

int ut_call(unsigned int cmd, struct ut_call *c)
{
	if (ioctl(ut_fd, cmd, c)) {
		fprintf(stderr, "# ut_call %x: %s\n", cmd, strerror(errno));
		return -EBADE;
	}
	return c->res;
}

int ut_setup(void)
{
	ut_fd = ut_open();
	if (ut_fd < 0)
		return -errno;
	ut_shm = mmap(NULL, sizeof(*ut_shm), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ut_shm == MAP_FAILED)
		return -errno;
	return ut_call(UT_GLOBAL, &ut_global_before);
}

const char *ut_complaint(void)
{
	static const char *const what[] = {
		[UT_GL_LATE] = "a callback after the last one was promised",
		[UT_GL_WRONG_TASK] = "a callback in another task",
		[UT_GL_ATOMIC] = "a callback in atomic context",
		[UT_GL_DOUBLE_RELEASE] = "released twice",
	};
	struct ut_call c = {};
	int i;

	ut_call(UT_GLOBAL, &c);
	for (i = 0; i <= UT_GL_DOUBLE_RELEASE; i++)
		if (c.out[i] != ut_global_before.out[i])
			return what[i];
	return NULL;
}

void ut_teardown(void)
{
	int i;

	/* detaches all engines, so that no task is held any more */
	if (ut_fd >= 0)
		close(ut_fd);
	ut_fd = -1;
	for (i = 0; i < nchildren; i++) {
		if (!children[i].pid)
			continue;
		kill(children[i].pid, SIGKILL);
		if (!(children[i].flags & UT_NOREAP))
			while (waitpid(children[i].pid, NULL, __WALL) < 0 &&
			       errno == EINTR)
				;
	}
	nchildren = 0;
}

int ut_attach_call(struct ut_call *c)
{
	return ut_call(UT_ATTACH, c);
}

int ut_attach_as(pid_t pid, int flags, int ops, int how)
{
	struct ut_call c = {
		.pid = pid, .flags = flags, .ops = ops, .how = how,
	};

	return ut_attach_call(&c);
}

int ut_attach_ops(pid_t pid, int ops, uint64_t events)
{
	struct ut_call c = {
		.pid = pid, .flags = UTRACE_ATTACH_CREATE, .ops = ops,
		.a = events,
	};
	int ret = ut_attach_call(&c);

	if (ret >= 0 && c.out[0])
		return (int)c.out[0];
	return ret;
}

int ut_attach(pid_t pid, uint64_t events)
{
	return ut_attach_ops(pid, UT_OPS_A, events);
}

static int handle_call(unsigned int cmd, int h, int64_t a, int how)
{
	struct ut_call c = { .handle = h, .a = a, .how = how };

	return ut_call(cmd, &c);
}

int ut_control_as(int h, int action, int how)
{
	return handle_call(UT_CONTROL, h, action, how);
}

int ut_control(int h, int action)
{
	return ut_control_as(h, action, UT_HOW_TASK);
}

int ut_events_as(int h, uint64_t events, int how)
{
	return handle_call(UT_SET_EVENTS, h, events, how);
}

int ut_events(int h, uint64_t events)
{
	return ut_events_as(h, events, UT_HOW_TASK);
}

int ut_barrier_as(int h, int how)
{
	return handle_call(UT_BARRIER, h, 0, how);
}

int ut_barrier(int h)
{
	return ut_barrier_as(h, UT_HOW_TASK);
}

int ut_prepare(int h)
{
	return handle_call(UT_PREPARE, h, 0, 0);
}

int ut_finish(int h)
{
	return handle_call(UT_FINISH, h, 0, 0);
}

int ut_wait_examine(int h)
{
	long start = 0;
	int ret;

	do {
		ret = ut_prepare(h) ?: ut_finish(h);
	} while (ret == -EAGAIN && !ut_expired(&start));
	return ret;
}

int ut_regs(int h, uint64_t *regs)
{
	struct ut_call c = { .handle = h, .a = -1 };
	int ret = ut_call(UT_REGS, &c);

	memcpy(regs, c.out, UT_NREGS * sizeof(*regs));
	return ret;
}

int ut_setreg(int h, int reg, uint64_t val)
{
	struct ut_call c = { .handle = h, .a = reg, .b = val };

	return ut_call(UT_REGS, &c);
}

/* Returns the file offset that is mapped at @addr. */
static int64_t file_offset(uintptr_t addr)
{
	unsigned long start, end, off;
	FILE *f = fopen("/proc/self/maps", "r");
	int64_t ret = -ENOENT;
	char line[512];

	while (f && ret < 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &off) == 3 &&
		    addr >= start && addr < end)
			ret = addr - start + off;
	if (f)
		fclose(f);
	return ret;
}

int ut_uprobe(int h, const void *addr)
{
	struct ut_call c = {
		.handle = h, .b = file_offset((uintptr_t)addr),
	};
	int ret;

	c.a = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (c.a < 0)
		return -errno;
	ret = ut_call(UT_ADD_UPROBE, &c);
	close(c.a);
	return ret;
}

int64_t ut_flags(int h)
{
	struct ut_call c = { .handle = h };

	ut_call(UT_INFO, &c);
	return c.res;
}

int ut_count(int h, int cb)
{
	struct ut_call c = { .handle = h };

	ut_call(UT_INFO, &c);
	return c.out[cb];
}

int64_t ut_total(int cb)
{
	struct ut_call c = {};

	ut_call(UT_TOTALS, &c);
	return c.out[cb];
}

int ut_count_is(int h, int cb, int n)
{
	long start = 0;
	int now;

	while ((now = ut_count(h, cb)) != n)
		if (ut_expired(&start))
			break;
	return now;
}

int ut_wait_detached(int h)
{
	long start = 0;

	while (ut_barrier(h) != -ESRCH)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

void ut_put(int h)
{
	handle_call(UT_PUT, h, 0, 0);
}

void ut_clear(int h)
{
	handle_call(UT_CLEAR, h, 0, 0);
}

void ut_mute(int h, unsigned long callbacks)
{
	handle_call(UT_MUTE, h, callbacks, 0);
}

void ut_gate(int gate, bool open)
{
	struct ut_call c = { .a = gate, .b = open };

	ut_call(UT_GATE, &c);
}

int ut_detach_signal(pid_t pid, int sig)
{
	struct ut_call c = { .pid = pid, .a = sig };

	return ut_call(UT_DETACH_SIGNAL, &c);
}

int ut_hold(pid_t pid)
{
	struct ut_call c = { .pid = pid };

	return ut_call(UT_HOLD, &c);
}

int ut_released(int live)
{
	struct ut_call c = { .a = live, .b = (long)LIMIT_MS * ut_slow };

	return ut_call(UT_RELEASED, &c);
}

int ut_storm(struct ut_call *c, pid_t pid, long rounds, int flags,
	     uint64_t events)
{
	c->pid = pid;
	c->a = rounds;
	c->b = events;
	c->flags = flags;
	return ut_call(UT_STORM, c);
}

int ut_rule_add(const struct ut_rule *rule)
{
	return ioctl(ut_fd, UT_RULE, rule) ? -errno : 0;
}

static void show(const struct ut_rec *r)
{
	fprintf(stderr,
		"#   %3llu h%d %-13s tid %d action %#x answer %#x args %#llx %#llx %#llx %#llx %s\n",
		(unsigned long long)r->seq, r->handle,
		r->cb < UT_NCB ? cb_names[r->cb] : "?", r->tid, r->action,
		r->answer, (unsigned long long)r->arg[0],
		(unsigned long long)r->arg[1], (unsigned long long)r->arg[2],
		(unsigned long long)r->arg[3], r->name);
}

static void show_trace(const char *why, int h, int cb)
{
	unsigned int i = ntrace > TRACE_RECORDS ? ntrace - TRACE_RECORDS : 0;

	fprintf(stderr, "# %s: engine %d, %s; %u records before:\n", why, h,
		cb < 0 ? "anything" : cb_names[cb], ntrace);
	for (; i < ntrace; i++)
		show(&trace[i % TRACE_RECORDS]);
}

static struct ut_rec *read_rec(int wait_ms)
{
	struct pollfd p = { .fd = ut_fd, .events = POLLIN };
	struct ut_rec *rec = &trace[ntrace % TRACE_RECORDS];

	if (poll(&p, 1, wait_ms) != 1)
		return NULL;
	if (read(ut_fd, rec, sizeof(*rec)) != sizeof(*rec)) {
		static bool said;

		if (!said)
			fprintf(stderr, "# log: %s\n", strerror(errno));
		said = true;
		return NULL;
	}
	ntrace++;
	if (getenv("UT_VERBOSE"))
		show(rec);
	return rec;
}

struct ut_rec *ut_poll(void)
{
	return read_rec(0);
}

static struct ut_rec *wait_rec(int h, int cb, bool match, uint64_t arg)
{
	long start = ut_now_ms();
	struct ut_rec *rec;

	do {
		rec = read_rec(LIMIT_MS * ut_slow);
		if (rec && (h < 0 || rec->handle == h) &&
		    (cb < 0 || (int)rec->cb == cb) &&
		    (!match || rec->arg[0] == arg))
			return rec;
	} while (rec && ut_now_ms() - start < (long)LIMIT_MS * ut_slow);
	show_trace("waited in vain", h, cb);
	return NULL;
}

struct ut_rec *ut_next(void)
{
	return wait_rec(-1, -1, false, 0);
}

struct ut_rec *ut_wait(int h, int cb)
{
	return wait_rec(h, cb, false, 0);
}

struct ut_rec *ut_wait_arg(int h, int cb, uint64_t arg)
{
	return wait_rec(h, cb, true, arg);
}

struct ut_rec *ut_wait_op(int h, int op)
{
	return wait_rec(h, UT_OPRES, true, op);
}

int ut_drain(int h, int cb)
{
	struct ut_rec *rec;
	int n = 0;

	while ((rec = read_rec(0)))
		n += (h < 0 || rec->handle == h) &&
		     (cb < 0 || (int)rec->cb == cb);
	return n;
}

pid_t ut_child_as(int (*fn)(void), int flags)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(97);
		close(ut_fd);
		_exit(fn());
	}
	if (pid > 0 && nchildren < MAX_CHILDREN) {
		children[nchildren].pid = pid;
		children[nchildren++].flags = flags;
	}
	return pid;
}

pid_t ut_child(int (*fn)(void))
{
	return ut_child_as(fn, 0);
}

void ut_forget(pid_t pid)
{
	int i;

	for (i = 0; i < nchildren; i++)
		if (children[i].pid == pid)
			children[i].pid = 0;
}

void ut_step(int n)
{
	ut_shm->at = n;
	while (ut_shm->go < n)
		__builtin_ia32_pause();
}

void ut_restart(void)
{
	ut_shm->at = 0;
	ut_shm->go = 0;
}

void ut_go(int n)
{
	ut_shm->go = n;
}

int ut_wait_at(int n)
{
	long start = 0;

	while (ut_shm->at < n)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

int ut_wait_val(volatile int *p, int val)
{
	long start = 0;

	while (*p != val)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

int ut_reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	ut_forget(pid);
	return status;
}

static int slurp(const char *path, char *buf, int size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n < 0 ? 0 : n] = 0;
	return n < 0 ? -EIO : n;
}

char ut_state(pid_t pid)
{
	char path[64], buf[512], *p;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (slurp(path, buf, sizeof(buf)) <= 0)
		return 0;
	p = strrchr(buf, ')');
	return p ? p[2] : 0;
}

int ut_wait_state(pid_t pid, char state)
{
	long start = 0;
	char now;

	while ((now = ut_state(pid)) != state)
		if (ut_expired(&start)) {
			fprintf(stderr, "# state of %d: %c, not %c\n", pid,
				now ?: '-', state);
			return -ETIME;
		}
	return 0;
}

int ut_wait_syscall(pid_t pid, int nr)
{
	char path[64], buf[256];
	long start = 0;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	do {
		if (slurp(path, buf, sizeof(buf)) > 0 &&
		    strncmp(buf, "running", 7) && (nr < 0 || atoi(buf) == nr) &&
		    ut_state(pid) == 'S')
			return 0;
	} while (!ut_expired(&start));
	fprintf(stderr, "# %d is not in system call %d but: %s\n", pid, nr, buf);
	return -ETIME;
}

const char *ut_status(pid_t pid, const char *key)
{
	static char buf[8192];
	char path[64], *p, *end;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (slurp(path, buf, sizeof(buf)) <= 0)
		return NULL;
	for (p = buf; p; p = end) {
		end = strchr(p, '\n');
		if (end)
			*end++ = 0;
		if (!strncmp(p, key, strlen(key)) && p[strlen(key)] == ':') {
			p += strlen(key) + 1;
			return p + strspn(p, " \t");
		}
	}
	return NULL;
}

int ut_wait_gone(pid_t pid)
{
	long start = 0;

	while (ut_state(pid))
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

int ut_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

bool ut_two_processors(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 1 && !ut_pin(0);
}

int ut_filter(int nr, uint32_t action)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = filter };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}

long ut_objects(void)
{
	FILE *f = fopen("/proc/slabinfo", "r");
	char line[512], name[64];
	long n, sum = -1;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", name, &n) == 2 &&
		    (!strncmp(name, "utrace", 6) || !strcmp(name, "ptrace_hold")))
			sum = (sum < 0 ? 0 : sum) + n;
	fclose(f);
	return sum;
}

/* Shrink first: slabinfo counts free objects in per-CPU slabs as in use. */
static long objects_shrunk(void)
{
	static const char *const shrink[] = {
		"/sys/kernel/slab/utrace/shrink",
		"/sys/kernel/slab/utrace_engine/shrink",
		"/sys/kernel/slab/ptrace_hold/shrink",
	};
	int i;

	for (i = 0; i < 3; i++)
		ut_write_str(shrink[i], "1");
	return ut_objects();
}

long ut_settled_objects(long want)
{
	long start = 0, now;

	do {
		now = objects_shrunk();
	} while (now > want && !ut_expired(&start));
	return now;
}

long ut_steady_objects(void)
{
	long start = 0, last = -1, now;
	int same = 0;

	/* MEMBARRIER_CMD_GLOBAL waits for a grace period */
	do {
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
		now = objects_shrunk();
		same = now == last ? same + 1 : 0;
		last = now;
	} while (same < 3 && !ut_expired(&start));
	return now;
}

long ut_rounds(long n)
{
	const char *scale = getenv("UT_SCALE");

	if (scale && atol(scale) > 0)
		return n * atol(scale);
	return ut_slow > 1 ? (n + 4) / 5 : n;
}

int ut_read_int(const char *path, long *val)
{
	char buf[64];
	int ret = slurp(path, buf, sizeof(buf));

	if (ret > 0)
		*val = strtol(buf, NULL, 0);
	return ret > 0 ? 0 : -1;
}

int ut_write_str(const char *path, const char *val)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, val, strlen(val)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

#ifdef __x86_64__
long ut_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 asm("r10") = d;
	register long r8 asm("r8") = e;
	register long r9 asm("r9") = f;
	long ret;

	asm volatile("syscall" : "=a" (ret)
		     : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
		       "r" (r8), "r" (r9)
		     : "rcx", "r11", "memory");
	return ret;
}
#else
long ut_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	long args[7] = { a, b, c, d, e, f, nr };
	long ret;

	asm volatile("push %%ebp\n\tpush %%ebx\n\t"
		     "mov %%eax, %%ebp\n\t"
		     "mov (%%ebp), %%ebx\n\tmov 4(%%ebp), %%ecx\n\t"
		     "mov 8(%%ebp), %%edx\n\tmov 12(%%ebp), %%esi\n\t"
		     "mov 16(%%ebp), %%edi\n\tmov 24(%%ebp), %%eax\n\t"
		     "mov 20(%%ebp), %%ebp\n\t"
		     "int $0x80\n\tpop %%ebx\n\tpop %%ebp"
		     : "=a" (ret) : "0" (args)
		     : "ecx", "edx", "esi", "edi", "memory");
	return ret;
}
#endif
