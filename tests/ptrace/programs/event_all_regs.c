// SPDX-License-Identifier: GPL-2.0-only
/* All registers at each kind of stop of a task that filled them */
#include "sec.h"

long body(long nr, long first, long second);
void handler(int sig);
long third = 0x102;
LABEL(call); LABEL(behind); LABEL(in_handler);

/* One call with all registers known; returns what it did */
#ifdef __x86_64__
asm(".text\nbody:\n"
	"push %rbx\npush %rbp\npush %r12\npush %r13\npush %r14\npush %r15\n"
	"mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\n"
	"mov third, %rdx\nmov $0x10a, %r10\nmov $0x108, %r8\n"
	"mov $0x109, %r9\nmov $0x103, %rbx\nmov $0x105, %rbp\n"
	"mov $0x10c, %r12\nmov $0x10d, %r13\nmov $0x10e, %r14\n"
	"mov $0x10f, %r15\nxor %r11, %r11\n"
	L(call)
	"syscall\n"
	L(behind)
	"pop %r15\npop %r14\npop %r13\npop %r12\npop %rbp\npop %rbx\n"
	"ret\n"
	"handler:\n"
	L(in_handler)
	"mov $0x777, %rbx\n"
	"ret\n");

static const char *const names[] = {
	"r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax",
	"cx", "dx", "si", "di", "orig", "ip", "cs", "flags", "sp", "ss", "fs",
	"gs", "ds", "es", "fs", "gs",
};
#else
asm(".text\nbody:\n"
	"push %ebx\npush %ebp\npush %esi\npush %edi\n"
	"mov 20(%esp), %eax\nmov 24(%esp), %ebx\nmov 28(%esp), %ecx\n"
	"mov third, %edx\nmov $0x106, %esi\nmov $0x107, %edi\n"
	"xor %ebp, %ebp\nmov $0x105, %ebp\n"
	L(call)
	"int $0x80\n"
	L(behind)
	"pop %edi\npop %esi\npop %ebp\npop %ebx\n"
	"ret\n"
	"handler:\n"
	L(in_handler)
	"mov $0x777, %ebx\n"
	"ret\n");

static const char *const names[] = {
	"bx", "cx", "dx", "si", "di", "bp", "ax", "ds", "es", "fs", "gs",
	"orig", "ip", "cs", "flags", "sp", "ss",
};
#endif

static const struct label table[] = {
	SYM(call), SYM(behind), SYM(in_handler), { NULL }
};

/* The first argument, or a result, of these calls */
static bool is_pid(const char *reg)
{
	return !strcmp(reg, "ax") ||
	       !strcmp(reg, sizeof(long) == 4 ? "bx" : "di");
}

static void show_all(pid_t pid)
{
	struct user_regs_struct regs = regs_of(pid);
	unsigned long *value = (void *)&regs;
	char line[600];
	size_t i, n = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = where(value[i]);

		if (!strcmp(text, "elsewhere"))
			text = small(value[i]);
		if (is_pid(names[i]) && ((pid_t)value[i] == pid ||
					 (pid_t)value[i] == getpid()))
			text = who(value[i]);
		else if (!strcmp(names[i], "ax") && (long)value[i] > 0x20)
			text = "positive";
		n += snprintf(line + n, sizeof(line) - n, " %s %s", names[i],
			      text);
	}
	out(" %s", line);
}

static void forks(long flags)
{
	if (!body(SYS_clone, flags, 0))
		syscall(SYS_exit, 0);
}

static void child(void *arg)
{
	static char path[] = "/bin/true";
	static char *argv[] = { path, NULL };

	long self = getpid();

	signal(SIGUSR1, handler);
	FILTER({ SYS_getpgrp, SECCOMP_RET_TRACE | 3 });
	body(SYS_umask, 022, 0x101);
	body(SYS_getpgrp, 1, 2);
	body(SYS_kill, self, SIGUSR1);
	forks(SIGCHLD);
	forks(CLONE_VFORK | SIGCHLD);
	forks(0);
	body(SYS_kill, self, SIGSTOP);
	third = 0;
	body(SYS_execve, (long)path, (long)argv);
	_exit(1);
}

static void first_stop(pid_t pid)
{
	unsigned long msg = 0;

	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show_wait(msg, __WALL);
	show_all(msg);
	finish(msg);
}

int main(void)
{
	int request = PTRACE_SYSCALL, status, sig;
	pid_t pid;

	labels = table;
	name(getpid(), "tracer");
	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0,
		 PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
		 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
		 PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXEC |
		 PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP);
	/* not what libc does before */
	do {
		status = go_on(pid, PTRACE_SYSCALL, 0);
	} while (WIFSTOPPED(status) && regs_of(pid).ORIG != SYS_umask);
	for (;;) {
		if (WIFSTOPPED(status)) {
			out("stopped %s event %d",
			    signame(status >> 8 & 0x7f), status >> 16);
			/* the new program's are its own */
			if (request != PTRACE_CONT)
				show_all(pid);
		} else {
			out("the end: %#x", status);
			return 0;
		}
		sig = status >> 16 || status >> 8 & 0x80 ? 0 : status >> 8;
		if (sig == SIGTRAP || sig == SIGCHLD)
			sig = 0;
		if (event_of(status) == PTRACE_EVENT_FORK ||
		    event_of(status) == PTRACE_EVENT_VFORK ||
		    event_of(status) == PTRACE_EVENT_CLONE)
			first_stop(pid);
		/* into the handler by a step; not through the new program */
		request = sig == SIGUSR1 ? PTRACE_SINGLESTEP :
			  event_of(status) == PTRACE_EVENT_EXEC ? PTRACE_CONT :
			  request == PTRACE_CONT ? PTRACE_CONT : PTRACE_SYSCALL;
		status = go_on(pid, request, sig);
	}
}
