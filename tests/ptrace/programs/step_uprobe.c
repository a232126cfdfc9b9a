// SPDX-License-Identifier: GPL-2.0-only
/* Step over instructions with uprobes, both emulated and out of line. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(lea); LABEL(push); LABEL(pop); LABEL(jump); LABEL(set);
LABEL(call); LABEL(behind); LABEL(inner); LABEL(bad); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(lea) "lea 1(%eax), %eax\n"
	L(push) "push $0x202\n"
	L(pop) "popf\n"
	L(jump) "jmp set\n"
	"nop\n"
	L(set) "mov $1, %eax\n"
	L(call) "call inner\n"
	L(behind) "nop\n"
	"nop\n"
	L(last) "ret\n"
	L(inner) "ret\n"
	/* faults in the out-of-line step */
	"touch:\nint3\n"
	L(bad) "mov 0x10, %eax\n"
	"ret\n"
	"handler:\nret\n");

static const struct label table[] = {
	SYM(first), SYM(lea), SYM(push), SYM(pop), SYM(jump), SYM(set),
	SYM(call), SYM(behind), SYM(inner), SYM(bad), SYM(last), { NULL }
};

void touch(void *arg);

static int tracefs = -1;

static void put(const char *file, const char *fmt, unsigned long arg, int flags)
{
	int fd = openat(tracefs, file, O_WRONLY | flags);
	char path[256] = "", line[512];
	int len;

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		out("readlink: %s", show_errno(-1));
	len = snprintf(line, sizeof(line), fmt, path, arg);
	if (fd < 0 || write(fd, line, len) != len)
		out("%s: %s", file, show_errno(-1));
	close(fd);
}

static unsigned long offset_of(const char *addr)
{
	unsigned long start, end, off, ret = 0;
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &off) == 3 &&
		    (unsigned long)addr >= start && (unsigned long)addr < end)
			ret = (unsigned long)addr - start + off;
	fclose(f);
	return ret;
}

/* EBUSY: tracefs is mounted already. */
static bool place_uprobes(void)
{
	static const char *const at[] = {
		first, lea, push, pop, jump, set, call, behind, inner, bad
	};
	size_t i;

	if (mount("none", "/sys/kernel/tracing", "tracefs", 0, NULL) &&
	    errno != EBUSY) {
		out("tracefs: %s", show_errno(-1));
		return false;
	}
	tracefs = open("/sys/kernel/tracing", O_RDONLY | O_DIRECTORY);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		put("uprobe_events", "p:rig/ %s:%#lx\n", offset_of(at[i]),
		    O_APPEND);
	put("events/rig/enable", "1\n", 0, 0);
	return true;
}

static void remove_uprobes(void)
{
	put("events/rig/enable", "0\n", 0, 0);
	put("uprobe_events", "\n", 0, O_TRUNC);
}

static void child(void *arg)
{
	signal(SIGUSR1, handler);
	body(arg);
	_exit(40);
}

static void faulting(void *arg)
{
	touch(arg);
	_exit(41);
}

static void steps(int request, int sig)
{
	pid_t pid = start_body(child);
	int n;

	show_at(pid);
	for (n = 0; n < 14; n++)
		if (!go(pid, request, n == 3 ? sig : 0))
			break;
	go(pid, PTRACE_CONT, 0);
	finish(pid);
}

/* After @steps steps, detach or continue. */
static void leave(int steps, bool detach)
{
	pid_t pid = start_body(child);

	out("%s after %d", detach ? "detach" : "cont", steps);
	while (steps--)
		go_on(pid, PTRACE_SINGLESTEP, 0);
	if (detach) {
		pt(PTRACE_DETACH, pid, 0, 0);
		show_wait(pid, 0);
	} else {
		go(pid, PTRACE_CONT, 0);
	}
	finish(pid);
}

static void fault(int request)
{
	pid_t pid = start_body(faulting);

	if (go(pid, request, 0) && go(pid, PTRACE_SINGLESTEP, SIGSEGV))
		finish(pid);
}

int main(void)
{
	int i;

	labels = table;
	if (!place_uprobes())
		return 1;
	steps(PTRACE_SINGLESTEP, 0);
	steps(PTRACE_SINGLESTEP, SIGUSR1);
	for (i = 0; i < 10; i++) {
		leave(i, false);
		leave(i, true);
	}
	fault(PTRACE_SINGLESTEP);
	fault(PTRACE_CONT);
	remove_uprobes();
	return 0;
}
