// SPDX-License-Identifier: GPL-2.0-only
/* A step over fork(): the child has no trap flag, traced or not */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call); LABEL(behind); LABEL(parent); LABEL(in_child);

/* the child ends with its flags as exit code: 3 if TF is set, else 2 */
asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_fork) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "test %eax, %eax\n"
	"jz in_child\n"
	L(parent) "nop\n"
	"ret\n"
	L(in_child) "pushf\n"
	"pop %" STR(R(ax)) "\n"
	"shr $8, %eax\n"
	"and $1, %eax\n"
	"add $2, %eax\n"
#ifdef __x86_64__
	"mov %eax, %edi\n"
#else
	"mov %eax, %ebx\n"
#endif
	"mov $" STR(__NR_exit_group) ", %eax\n"
	CALL_INSN);

static const struct label table[] = {
	SYM(first), SYM(call), SYM(behind), SYM(parent), SYM(in_child), { NULL }
};

static void child(void *arg)
{
	int status = 0;

	body(arg);
	wait(&status);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

int main(void)
{
	static const int how[] = { PTRACE_SINGLESTEP, PTRACE_SINGLEBLOCK };
	unsigned long msg;
	int i, status;
	pid_t pid;

	labels = table;
	hide_ax = true;
	for (i = 0; i < 2; i++) {
		pid = start_body(child);
		out("fork, child not traced");
		go_on(pid, PTRACE_SINGLESTEP, 0);
		show_stop(pid, "over fork", go_on(pid, how[i], 0));
		/* SIGCHLD, at some place */
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		go(pid, PTRACE_CONT, 0);

		pid = start_body(child);
		out("fork, child traced");
		quiet_pt(PTRACE_SETOPTIONS, pid, 0,
			 PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL);
		go_on(pid, PTRACE_SINGLESTEP, 0);
		go(pid, how[i], 0);
		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		name(msg, "child");
		waitpid(msg, &status, __WALL);
		show_stop(msg, "child", status);
		go(msg, PTRACE_SINGLESTEP, 0);
		go(msg, PTRACE_SINGLESTEP, 0);
		go(pid, how[i], 0);
		go(pid, how[i], 0);
		go(msg, PTRACE_CONT, 0);
		/* SIGCHLD of the child, then the end */
		go(pid, PTRACE_CONT, 0);
		go(pid, PTRACE_CONT, SIGCHLD);
		finish(pid);
	}
	return 0;
}
