// SPDX-License-Identifier: GPL-2.0-only
/* Steps of the tracer and of the bystander. */
#include "../rig.h"
#include "fuzz.h"

static void on_child(int sig, siginfo_t *info, void *context)
{
	note("%s SIGCHLD code %d %s %#x", name_of(getpid()), info->si_code,
	     name_of(info->si_pid), info->si_status);
}

void outer_start(int role)
{
	struct sigaction sa = { .sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART };

	idle_priority(true);
	sigaction(SIGCHLD, &sa, NULL);
	act(role);
}

static long pt_call(long request, pid_t pid, long addr, long data)
{
	return raw(SYS_ptrace, request, pid, addr, data, 0, 0);
}

static int status_text(char *buf, size_t size, int status)
{
	if (WIFEXITED(status))
		return snprintf(buf, size, "exited %d", WEXITSTATUS(status));
	if (WIFSIGNALED(status))
		return snprintf(buf, size, "killed by %s", signame(WTERMSIG(status)));
	if (WIFCONTINUED(status))
		return snprintf(buf, size, "continued");
	return snprintf(buf, size, "stopped %s event %d", signame(status >> 8 & 0xff),
			status >> 16);
}

static void do_wait(const struct step *step, char *result, size_t size)
{
	int status = 0, n;
	long ret = raw(SYS_wait4, pid_of(step->target), (long)&status, (int)step->arg, 0, 0, 0);

	if (ret <= 0) {
		snprintf(result, size, "%s", ret_text(ret));
		return;
	}
	n = snprintf(result, size, "%s: ", name_of(ret));
	status_text(result + n, size - n, status);
}

static void do_waitid(const struct step *step, char *result, size_t size)
{
	const idtype_t type = step->target == AT_ANY ? P_ALL :
			      step->target == AT_GROUP ? P_PGID : P_PID;
	siginfo_t info = {};
	long ret = raw(SYS_waitid, type, type == P_ALL ? 0 : labs(pid_of(step->target)),
		       (long)&info, (int)step->arg, 0, 0);

	snprintf(result, size, "%s: %s code %d status %#x uid %d", ret_text(ret),
		 name_of(info.si_pid), info.si_code, info.si_status, info.si_uid);
}

static void do_get_info(pid_t pid, char *result, size_t size)
{
	siginfo_t info = {};
	long ret = pt_call(PTRACE_GETSIGINFO, pid, 0, (long)&info);

	if (ret)
		snprintf(result, size, "%s", ret_text(ret));
	else if (info.si_code > 0 && info.si_signo != SIGCHLD && info.si_signo != SIGTRAP)
		snprintf(result, size, "%s code %d at %p", signame(info.si_signo), info.si_code,
			 info.si_addr);
	else
		snprintf(result, size, "%s code %d from %s uid %d", signame(info.si_signo),
			 info.si_code, name_of(info.si_pid), info.si_uid);
}

static void do_call_info(pid_t pid, char *result, size_t size)
{
	struct ptrace_syscall_info info = {};
	long ret = pt_call(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), (long)&info);
	int n = snprintf(result, size, "%s", ret_text(ret));

	if (ret < 0)
		return;
	n += snprintf(result + n, size - n, " op %d ip %#llx", info.op,
		      (unsigned long long)info.instruction_pointer);
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		snprintf(result + n, size - n, " %s(%#llx, %#llx)", syscall_name(info.entry.nr),
			 (unsigned long long)info.entry.args[0],
			 (unsigned long long)info.entry.args[1]);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		snprintf(result + n, size - n, " %s, %d", ret_text(info.exit.rval),
			 info.exit.is_error);
}

static void do_peek_info(pid_t pid, long flags, char *result, size_t size)
{
	struct ptrace_peeksiginfo_args args = { 0, flags, 4 };
	siginfo_t info[4] = {};
	long i, ret = pt_call(PTRACE_PEEKSIGINFO, pid, (long)&args, (long)info);
	int n = snprintf(result, size, "%s", ret_text(ret));

	for (i = 0; i < ret && i < 4; i++)
		n += snprintf(result + n, size - n, " %s code %d", signame(info[i].si_signo),
			      info[i].si_code);
}

static void do_value(long ret, long value, char *result, size_t size)
{
	if (ret < 0)
		snprintf(result, size, "%s", ret_text(ret));
	else if (value >= SHARED->base && value < SHARED->base + 100)
		snprintf(result, size, "%s", name_of(value));
	else
		snprintf(result, size, "%#lx", value);
}

static const struct {
	int op, request;
} resumes[] = {
	{ OP_cont, PTRACE_CONT }, { OP_syscall, PTRACE_SYSCALL }, { OP_step, PTRACE_SINGLESTEP },
	{ OP_block_step, PTRACE_SINGLEBLOCK }, { OP_sysemu, PTRACE_SYSEMU },
	{ OP_sysemu_step, PTRACE_SYSEMU_SINGLESTEP }, { OP_detach, PTRACE_DETACH },
	{ OP_attach, PTRACE_ATTACH }, { OP_seize, PTRACE_SEIZE },
	{ OP_interrupt, PTRACE_INTERRUPT }, { OP_listen, PTRACE_LISTEN },
	{ OP_pt_kill, PTRACE_KILL }, { OP_options, PTRACE_SETOPTIONS },
};

/*
 * Known to differ, and meant: a step armed when the tracer ends without DETACH
 * leaves no trap behind (step_tracer_exit.differs).  So nobody ends then.
 */
static void note_step(const struct step *step)
{
	const unsigned int bit = 1U << step->target;

	switch (step->op) {
	case OP_step:
	case OP_block_step:
	case OP_sysemu_step:
		SHARED->armed |= bit;
		break;
	case OP_cont:
	case OP_syscall:
	case OP_sysemu:
	case OP_detach:
		SHARED->armed &= ~bit;
	}
}

/* Those whose data is their argument, and that tell no more than an errno */
static bool simple_step(const struct step *step, char *result, size_t size)
{
	long data = step->arg, ret;
	unsigned int i;

	for (i = 0; i < sizeof(resumes) / sizeof(*resumes); i++) {
		if (resumes[i].op != step->op)
			continue;
		/* a kernel that loses signals, as the comparison has to notice */
		if (SHARED->mutate && step->op == OP_cont && data < 65)
			data = 0;
		ret = pt_call(resumes[i].request, pid_of(step->target), 0, data);
		if (!ret)
			note_step(step);
		snprintf(result, size, "%s", ret_text(ret));
		return true;
	}
	return false;
}

static void ask(const struct step *step, char *result, size_t size)
{
	static const int user[] = { 15 * 8, 10 * 8, 16 * 8 };	/* orig_rax, rax, rip */
	static const long calls[] = {
		-1, SYS_getpid, SYS_getppid, SYS_pause, SYS_gettid, 100000,
	};
	static const long results[] = { 7, -EINTR, -512, -514, -516, -ENOSYS };
	siginfo_t info = { .si_signo = step->arg, .si_code = SI_QUEUE };
	const pid_t pid = pid_of(step->target);
	unsigned long value = 0;
	long ret;

	switch (step->op) {
	case OP_event_msg:
		ret = pt_call(PTRACE_GETEVENTMSG, pid, 0, (long)&value);
		do_value(ret, value, result, size);
		break;
	case OP_set_info:
		info.si_pid = 77;
		ret = pt_call(PTRACE_SETSIGINFO, pid, 0, (long)&info);
		snprintf(result, size, "%s", ret_text(ret));
		break;
	case OP_peek_user:
		ret = pt_call(PTRACE_PEEKUSR, pid, user[step->arg % 3], (long)&value);
		do_value(ret, value, result, size);
		break;
	case OP_poke_call:
		ret = pt_call(PTRACE_POKEUSR, pid, user[0], calls[step->arg % 6]);
		snprintf(result, size, "%s", ret_text(ret));
		break;
	case OP_poke_result:
		ret = pt_call(PTRACE_POKEUSR, pid, user[1], results[step->arg % 6]);
		snprintf(result, size, "%s", ret_text(ret));
		break;
	case OP_get_mask:
		ret = pt_call(PTRACE_GETSIGMASK, pid, 8, (long)&value);
		snprintf(result, size, "%s %#lx", ret_text(ret), value);
		break;
	case OP_set_mask:
		value = 1UL << (step->arg - 1);
		ret = pt_call(PTRACE_SETSIGMASK, pid, 8, (long)&value);
		snprintf(result, size, "%s", ret_text(ret));
		break;
	}
}

/* Not one of the sequence: A, or B as a process, is born */
static void spawn_step(int role)
{
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, role == ROLE_A ? 0 : SHARED->base + ROLE_A);
		inner_start(role, true);
	}
}

void outer_step(const struct step *step, char *result, size_t size)
{
	const pid_t pid = pid_of(step->target);

	if (simple_step(step, result, size))
		return;
	switch (step->op) {
	case OP_get_info:
		do_get_info(pid, result, size);
		break;
	case OP_call_info:
		do_call_info(pid, result, size);
		break;
	case OP_peek_info:
		do_peek_info(pid, step->arg, result, size);
		break;
	case OP_wait:
		do_wait(step, result, size);
		break;
	case OP_waitid:
		do_waitid(step, result, size);
		break;
	case OP_kill:
		snprintf(result, size, "%s", ret_text(raw(SYS_kill, pid, step->arg, 0, 0, 0, 0)));
		break;
	case OP_tgkill:
		snprintf(result, size, "%s", ret_text(raw(SYS_tkill, pid, step->arg, 0, 0, 0, 0)));
		break;
	case OP_end:
		if (!SHARED->armed)
			raw(SYS_exit_group, step->arg, 0, 0, 0, 0, 0);
		snprintf(result, size, "not with a step armed");
		break;
	case N_OPS:
		spawn_step(step->arg);
		break;
	default:
		ask(step, result, size);
	}
}
