// SPDX-License-Identifier: GPL-2.0-only
/* siginfo of signals of a tracee of the other size, as it lies in memory, and given back */
#include "event.h"

/* What the signals are that the tracee gives to itself */
enum { KILLED, TKILLED, QUEUED, TIMER, FAULT, BREAK, CHILD, WAYS };

static const char *const names[] = {
	"kill", "tgkill", "sigqueue", "timer", "bad address", "int3", "child",
};

static void handler(int sig, siginfo_t *info, void *uc)
{
	/* what arrived, in its own layout, is its exit code */
	int ok = info->si_signo == sig;

	if (sig == SIGRTMIN + 1 && info->si_code == SI_QUEUE)
		ok += info->si_value.sival_int == -7 ? 2 : 0;
	if (sig == SIGSEGV)
		ok += info->si_addr == (void *)0x123 ? 4 : 0;
	if (sig == SIGCHLD)
		ok += info->si_status == 11 ? 8 : 0;
	if (sig == SIGRTMIN + 2)
		ok += info->si_value.sival_int == 77 ? 16 : 0;
	/* set by the tracer */
	if (info->si_errno == 55)
		ok += 32;
	syscall(SYS_exit_group, ok);
}

static void catch(int sig)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	sigaction(sig, &sa, NULL);
}

static void give(int way)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGRTMIN + 2,
		.sigev_value.sival_int = 77,
	};
	struct itimerspec soon = { .it_value.tv_nsec = 1000 };
	union sigval value = { .sival_int = -7 };
	timer_t timer;

	switch (way) {
	case KILLED:
		kill(getpid(), SIGUSR1);
		break;
	case TKILLED:
		syscall(SYS_tgkill, getpid(), gettid_(), SIGUSR2);
		break;
	case QUEUED:
		sigqueue(getpid(), SIGRTMIN + 1, value);
		break;
	case TIMER:
		timer_create(CLOCK_MONOTONIC, &event, &timer);
		timer_settime(timer, 0, &soon, NULL);
		break;
	case FAULT:
		*(volatile int *)0x123 = 1;
		break;
	case BREAK:
		asm volatile("int3");
		break;
	case CHILD:
		if (!raw_clone(SIGCHLD))
			syscall(SYS_exit_group, 11);
		break;
	}
	pausing(NULL);
}

static __attribute__((constructor)) void again(int argc, char **argv)
{
	static const int sigs[] = { SIGUSR1, SIGUSR2, SIGSEGV, SIGTRAP, SIGCHLD };
	int i;

	if (argc < 3 || strcmp(argv[1], "give"))
		return;
	for (i = 0; i < 5; i++)
		catch(sigs[i]);
	catch(SIGRTMIN + 1);
	catch(SIGRTMIN + 2);
	give(atoi(argv[2]));
}

static int way;

static void start(void *arg)
{
	char path[4096], number[8];

	event_other_size(path, sizeof(path));
	sprintf(number, "%d", way);
	execl(path, "event", "give", number, NULL);
	_exit(93);
}

/* Word by word, but for processes and what is different from one run to the next */
static void dump(const siginfo_t *info)
{
	const int *word = (const int *)info;
	char line[256] = "";
	int i;

	for (i = 0; i < 10; i++) {
		int n = word[i];

		if (i > 2 && i < 5 && n > 32 && *who(n) != '?')
			snprintf(line + strlen(line), 24, " %s", who(n));
		else
			snprintf(line + strlen(line), 24, " %#x", n);
	}
	out("  words%s", line);
}

static void one(int how, bool change)
{
	siginfo_t info = { 0 };
	struct ptrace_peeksiginfo_args none = { 0, 0, 1 };
	pid_t pid;

	way = how;
	out("%s%s", names[how], change ? ", changed" : "");
	pid = spawn_traced("tracee", start, NULL);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	/* exec */
	quiet_stop(pid);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	if (how == CHILD) {
		quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
		name(info.si_pid, "child");
	}
	memset(&info, 0, sizeof(info));
	out("  get %s", show_errno(quiet_pt(PTRACE_GETSIGINFO, pid, 0,
					    (long)&info)));
	/* its times are its own */
	if (how == CHILD)
		memset(&info.si_utime, 0, 2 * sizeof(info.si_utime));
	dump(&info);
	out("  peek %s", show_errno(quiet_pt(PTRACE_PEEKSIGINFO, pid,
					     (long)&none, (long)&info)));
	if (change) {
		quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
		info.si_errno = 55;
		out("  set %s", show_errno(quiet_pt(PTRACE_SETSIGINFO, pid, 0,
						    (long)&info)));
		memset(&info, 0, sizeof(info));
		quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
		out("  errno %d", info.si_errno);
	}
	pt(PTRACE_CONT, pid, 0, WSTOPSIG(last_status()));
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	int i;

	for (i = 0; i < 2 * WAYS; i++)
		one(i / 2, i & 1);
	return 0;
}
