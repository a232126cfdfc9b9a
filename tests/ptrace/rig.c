// SPDX-License-Identifier: GPL-2.0-only
/*
 * See rig.h.
 */
#include <fcntl.h>
#include <linux/audit.h>
#include <poll.h>
#include <sys/prctl.h>
#include <time.h>

#include "rig.h"

#define LIMIT_S	80	/* to wait for one event */
#define NAMES	1024	/* processes of one program */

struct rig_shm *shm;

struct rig_names {
	volatile int n;
	struct {
		pid_t pid;
		char name[24];
	} of[NAMES];
};

static struct rig_names *names;
static int status_seen;

/* Called before main(): maps what is shared with all children. */
__attribute__((constructor)) static void rig_init(void)
{
	const int prot = PROT_READ | PROT_WRITE;

	shm = mmap(NULL, sizeof(*shm), prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	names = mmap(NULL, sizeof(*names), prot, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (shm == MAP_FAILED || names == MAP_FAILED)
		abort();
	name(getpid(), "tracer");
}

void name(pid_t pid, const char *fmt, ...)
{
	int i = __sync_fetch_and_add(&names->n, 1);
	va_list ap;

	if (i >= NAMES)
		abort();
	va_start(ap, fmt);
	vsnprintf(names->of[i].name, sizeof(names->of[i].name), fmt, ap);
	va_end(ap);
	__sync_synchronize();
	names->of[i].pid = pid;
}

const char *who(pid_t pid)
{
	int i;

	if (pid == 0)
		return "0";
	if (pid == -1)
		return "-1";
	/* newest first: pids are reused */
	for (i = names->n; i-- > 0; )
		if (names->of[i].pid == pid)
			return names->of[i].name;
	return "?";
}

void out(const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(STDOUT_FILENO, line, n) != n)
		_exit(99);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Sleep between two polls of a state. */
static void pause_a_bit(void)
{
	struct timespec ts = { .tv_nsec = 200000 };

	syscall(SYS_nanosleep, &ts, NULL);
}

static void too_long(const char *what)
{
	out("TIME-OUT: %s", what);
	_exit(98);
}

void reach(int step)
{
	__sync_synchronize();
	shm->step[step] = 1;
}

void await(int step)
{
	double end = now() + LIMIT_S;

	while (!shm->step[step]) {
		if (now() > end)
			too_long("await");
		pause_a_bit();
	}
}

/* Names ------------------------------------------------------------------ */

static const char *const signal_names[] = {
	"0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT",
	"SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
	"SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT",
	"SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
	"SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
	"SIGSYS",
};

const char *signame(int sig)
{
	static char buf[4][24];
	static int i;

	if (sig >= 0 && sig < 32)
		return signal_names[sig];
	i = (i + 1) % 4;
	if (sig & 0x80 && (sig & 0x7f) < 32)
		snprintf(buf[i], sizeof(buf[i]), "%s|0x80",
			 signal_names[sig & 0x7f]);
	else
		snprintf(buf[i], sizeof(buf[i]), "SIG%d", sig);
	return buf[i];
}

const char *syscall_name(long nr)
{
	static char buf[24];
#define CALL(x) { SYS_##x, #x }
	static const struct {
		long nr;
		const char *name;
	} calls[] = {
		CALL(read), CALL(write), CALL(getpid), CALL(gettid),
		CALL(getppid), CALL(kill), CALL(tgkill), CALL(clone),
		CALL(fork), CALL(vfork), CALL(clone3), CALL(execve),
		CALL(execveat), CALL(exit), CALL(exit_group), CALL(pause),
		CALL(nanosleep), CALL(clock_nanosleep), CALL(poll),
		CALL(select), CALL(pselect6), CALL(futex), CALL(wait4),
		CALL(waitid), CALL(rt_sigreturn), CALL(rt_sigsuspend),
		CALL(rt_sigprocmask), CALL(rt_sigaction), CALL(restart_syscall),
		CALL(sched_yield), CALL(getuid), CALL(mmap), CALL(prctl),
		CALL(rt_sigtimedwait), CALL(ptrace), CALL(openat), CALL(close),
		CALL(brk), CALL(epoll_wait), CALL(pipe2), CALL(ppoll),
		CALL(tkill), CALL(seccomp), CALL(unshare), CALL(setsid),
	};
	unsigned int i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == nr)
			return calls[i].name;
	snprintf(buf, sizeof(buf), "%ld", nr);
	return buf;
}

const char *show_errno(long ret)
{
	static char buf[4][32];
	static int i;

	i = (i + 1) % 4;
	if (ret == -1)
		snprintf(buf[i], sizeof(buf[i]), "-%s", strerrorname_np(errno));
	else
		snprintf(buf[i], sizeof(buf[i]), "%ld", ret);
	return buf[i];
}

#define REQ(x) case PTRACE_##x: return "PTRACE_" #x
static const char *request_name(int request)
{
	static char buf[24];

	switch (request) {
	REQ(TRACEME); REQ(PEEKTEXT); REQ(PEEKDATA); REQ(PEEKUSR);
	REQ(POKETEXT); REQ(POKEDATA); REQ(POKEUSR); REQ(CONT); REQ(KILL);
	REQ(SINGLESTEP); REQ(ATTACH); REQ(DETACH); REQ(SYSCALL);
	REQ(GETREGS); REQ(SETREGS); REQ(GETFPREGS); REQ(SETFPREGS);
	REQ(SYSEMU); REQ(SYSEMU_SINGLESTEP); REQ(SINGLEBLOCK);
	REQ(SETOPTIONS); REQ(GETEVENTMSG); REQ(GETSIGINFO); REQ(SETSIGINFO);
	REQ(GETREGSET); REQ(SETREGSET); REQ(SEIZE); REQ(INTERRUPT);
	REQ(LISTEN); REQ(PEEKSIGINFO); REQ(GETSIGMASK); REQ(SETSIGMASK);
	REQ(SECCOMP_GET_FILTER); REQ(SECCOMP_GET_METADATA);
	REQ(GET_SYSCALL_INFO); REQ(GET_RSEQ_CONFIGURATION);
	}
	snprintf(buf, sizeof(buf), "PTRACE_%#x", request);
	return buf;
}

static const char *event_name(int event)
{
	static char buf[16];
	static const char *const events[] = {
		"", "FORK", "VFORK", "CLONE", "EXEC", "VFORK_DONE", "EXIT",
		"SECCOMP",
	};

	if (event > 0 && event < 8)
		return events[event];
	if (event == PTRACE_EVENT_STOP)
		return "STOP";
	snprintf(buf, sizeof(buf), "%d", event);
	return buf;
}

static void data_text(char *buf, size_t size, int request, long data)
{
	switch (request) {
	case PTRACE_CONT:
	case PTRACE_SYSCALL:
	case PTRACE_SINGLESTEP:
	case PTRACE_SINGLEBLOCK:
	case PTRACE_SYSEMU:
	case PTRACE_SYSEMU_SINGLESTEP:
	case PTRACE_DETACH:
		snprintf(buf, size, "%s", data >= 0 && data < 128 ?
			 signame(data) : "a bad signal");
		break;
	case PTRACE_SETOPTIONS:
	case PTRACE_SEIZE:
		snprintf(buf, size, "%#lx", data);
		break;
	default:
		/* usually an address, which differs between runs */
		snprintf(buf, size, "%s", data ? "data" : "0");
	}
}

/* Calls ------------------------------------------------------------------ */

long quiet_pt(int request, pid_t pid, long addr, long data)
{
	return syscall(SYS_ptrace, (long)request, (long)pid, addr, data);
}

long pt(int request, pid_t pid, long addr, long data)
{
	char text[32];
	long ret = quiet_pt(request, pid, addr, data);
	int saved = errno;

	data_text(text, sizeof(text), request, data);
	out("%s(%s, %s, %s) = %s", request_name(request), who(pid),
	    addr ? "addr" : "0", text, show_errno(ret));
	errno = saved;
	return ret;
}

int event_of(int status)
{
	return WIFSTOPPED(status) ? status >> 16 : 0;
}

int last_status(void)
{
	return status_seen;
}

static void options_text(char *buf, int options)
{
	static const struct {
		int bit;
		const char *name;
	} bits[] = {
		{ WNOHANG, "WNOHANG" }, { WUNTRACED, "WUNTRACED" },
		{ WEXITED, "WEXITED" }, { WCONTINUED, "WCONTINUED" },
		{ WNOWAIT, "WNOWAIT" }, { __WALL, "__WALL" },
		{ (int)__WCLONE, "__WCLONE" }, { __WNOTHREAD, "__WNOTHREAD" },
	};
	unsigned int i;

	*buf = 0;
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (!(options & bits[i].bit))
			continue;
		if (*buf)
			strcat(buf, "|");
		strcat(buf, bits[i].name);
	}
	if (!*buf)
		strcpy(buf, "0");
}

static void status_text(char *buf, size_t size, int status)
{
	if (WIFEXITED(status))
		snprintf(buf, size, "exited %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		snprintf(buf, size, "killed by %s%s", signame(WTERMSIG(status)),
			 WCOREDUMP(status) ? ", core" : "");
	else if (WIFCONTINUED(status))
		snprintf(buf, size, "continued");
	else if (WIFSTOPPED(status) && status >> 16)
		snprintf(buf, size, "stopped %s event %s",
			 signame(status >> 8 & 0xff), event_name(status >> 16));
	else if (WIFSTOPPED(status))
		snprintf(buf, size, "stopped %s", signame(status >> 8 & 0xff));
	else
		snprintf(buf, size, "status %#x", status);
}

static void on_alarm(int sig)
{
	out("TIME-OUT: wait");
	_exit(98);
}

/* Limit a wait: that it does not return is also a result. */
static void guard(bool on)
{
	struct sigaction sa = { .sa_handler = on_alarm };

	if (on)
		sigaction(SIGALRM, &sa, NULL);
	alarm(on ? LIMIT_S : 0);
}

pid_t show_wait(pid_t pid, int options)
{
	char opts[128], text[64];
	int saved;
	pid_t ret;

	guard(true);
	ret = wait4(pid, &status_seen, options, NULL);
	saved = errno;
	guard(false);
	errno = saved;
	options_text(opts, options);
	if (ret > 0) {
		status_text(text, sizeof(text), status_seen);
		out("wait4(%s, %s) = %s: %s", who(pid), opts, who(ret), text);
	} else {
		out("wait4(%s, %s) = %s", who(pid), opts, show_errno(ret));
	}
	return ret;
}

static const char *cld_name(int code)
{
	static const char *const codes[] = {
		"0", "CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED",
		"CLD_STOPPED", "CLD_CONTINUED",
	};

	return code >= 0 && code < 7 ? codes[code] : "CLD_?";
}

/* si_status of a SIGCHLD: an exit code, or a signal and an event */
static void cld_text(char *buf, size_t size, const siginfo_t *info)
{
	int status = info->si_status;

	if (info->si_code == CLD_EXITED)
		snprintf(buf, size, "%s %s %d", cld_name(info->si_code),
			 who(info->si_pid), status);
	else if (status >> 8)
		snprintf(buf, size, "%s %s %s event %s",
			 cld_name(info->si_code), who(info->si_pid),
			 signame(status & 0xff), event_name(status >> 8));
	else
		snprintf(buf, size, "%s %s %s", cld_name(info->si_code),
			 who(info->si_pid), signame(status));
}

pid_t show_waitid(idtype_t type, id_t id, int options)
{
	siginfo_t info = { 0 };
	char opts[128], text[96];
	int saved;
	long ret;

	guard(true);
	ret = waitid(type, id, &info, options);
	saved = errno;
	guard(false);
	errno = saved;
	options_text(opts, options);
	if (ret || !info.si_pid) {
		out("waitid(%s, %s) = %s", type == P_ALL ? "all" : who(id),
		    opts, show_errno(ret));
		return ret;
	}
	cld_text(text, sizeof(text), &info);
	out("waitid(%s, %s): %s", type == P_ALL ? "all" : who(id), opts, text);
	return info.si_pid;
}

void hold_sigchld(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool take_sigchld(int seconds)
{
	struct timespec ts = { .tv_sec = seconds };
	siginfo_t info;
	char text[96];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigtimedwait(&set, &info, &ts) < 0)
		return false;
	cld_text(text, sizeof(text), &info);
	out("SIGCHLD: %s", text);
	return true;
}

void show_sigchld(void)
{
	if (!take_sigchld(LIMIT_S))
		out("SIGCHLD: none");
}

void no_sigchld(void)
{
	if (!take_sigchld(0))
		out("no SIGCHLD");
}

/* At a stop -------------------------------------------------------------- */

static const char *code_name(int sig, int code)
{
	static char buf[32];

	switch (code) {
	case SI_USER: return "SI_USER";
	case SI_KERNEL: return "SI_KERNEL";
	case SI_QUEUE: return "SI_QUEUE";
	case SI_TIMER: return "SI_TIMER";
	case SI_TKILL: return "SI_TKILL";
	}
	if (sig == SIGCHLD)
		return cld_name(code);
	if (sig == SIGTRAP && code == TRAP_TRACE)
		return "TRAP_TRACE";
	if (sig == SIGTRAP && code == TRAP_BRKPT)
		return "TRAP_BRKPT";
	if (sig == SIGTRAP && code == TRAP_HWBKPT)
		return "TRAP_HWBKPT";
	if (sig == SIGTRAP && code > 255)
		snprintf(buf, sizeof(buf), "%s<<8|%s", event_name(code >> 8),
			 signame(code & 0xff));
	else
		snprintf(buf, sizeof(buf), "%d", code);
	return buf;
}

void show_info(const siginfo_t *info)
{
	int sig = info->si_signo, code = info->si_code;
	char text[96];

	if (sig == SIGCHLD && code > 0 && code < 7) {
		cld_text(text, sizeof(text), info);
		out("  siginfo %s %s", signame(sig), text);
	} else if (code == SI_USER || code == SI_TKILL || code == SI_QUEUE ||
		   (sig == SIGTRAP && (code >> 8 || code == SIGTRAP ||
				       code == (SIGTRAP | 0x80)))) {
		out("  siginfo %s %s errno %d pid %s uid %d value %d",
		    signame(sig), code_name(sig, code), info->si_errno,
		    who(info->si_pid), info->si_uid,
		    code == SI_QUEUE ? info->si_value.sival_int : 0);
	} else {
		out("  siginfo %s %s errno %d", signame(sig),
		    code_name(sig, code), info->si_errno);
	}
}

void show_siginfo(pid_t pid)
{
	siginfo_t info = { 0 };

	if (quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info))
		out("  siginfo %s", show_errno(-1));
	else
		show_info(&info);
}

void show_msg(pid_t pid)
{
	unsigned long msg = ~0UL;
	long ret = quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);

	if (ret)
		out("  message %s", show_errno(ret));
	else
		out("  message %#lx", msg);
}

void show_msg_pid(pid_t pid)
{
	unsigned long msg = ~0UL;
	long ret = quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);

	out("  message %s", ret ? show_errno(ret) : who(msg));
}

void show_syscall(pid_t pid)
{
	struct ptrace_syscall_info info = { 0 };
	static const char *const ops[] = { "none", "entry", "exit", "seccomp" };
	long ret = quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			    (long)&info);
	const char *arch = info.arch == AUDIT_ARCH_X86_64 ? "x86_64" :
			   info.arch == AUDIT_ARCH_I386 ? "i386" : "?";

	if (ret < 0)
		out("  call %s", show_errno(ret));
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		out("  call exit %s size %ld, result %lld%s", arch, ret,
		    info.exit.is_error || info.exit.rval < 100000 ?
		    (long long)info.exit.rval : -99999LL,
		    info.exit.is_error ? ", error" : "");
	else if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		out("  call entry %s size %ld, %s", arch, ret,
		    syscall_name(info.entry.nr));
	else if (info.op == PTRACE_SYSCALL_INFO_SECCOMP)
		out("  call seccomp %s size %ld, %s data %u", arch, ret,
		    syscall_name(info.seccomp.nr), info.seccomp.ret_data);
	else
		out("  call %s %s size %ld", ops[info.op & 3], arch, ret);
}

void show_regs(pid_t pid)
{
	struct user_regs_struct regs;
	long ret, ax, orig;

	ret = quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
	if (ret) {
		out("  regs %s", show_errno(ret));
		return;
	}
#ifdef __x86_64__
	ax = regs.rax;
	orig = regs.orig_rax;
#else
	ax = regs.eax;
	orig = regs.orig_eax;
#endif
	/* print results and errnos; addresses differ between runs */
	if (ax < -4096 || ax > 4096)
		out("  regs orig %s, ax large",
		    orig == -1 ? "-1" : syscall_name(orig));
	else
		out("  regs orig %s, ax %ld",
		    orig == -1 ? "-1" : syscall_name(orig),
		    ax > 300 && *who(ax) != '?' ? -99999L : ax);
}

/* Processes from outside ------------------------------------------------- */

static bool proc_line(pid_t pid, const char *key, char *buf, size_t size)
{
	char path[48];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	while (!found && fgets(buf, size, f))
		found = !strncmp(buf, key, strlen(key));
	fclose(f);
	return found;
}

char state_of(pid_t pid)
{
	char line[128];

	if (!proc_line(pid, "State:", line, sizeof(line)))
		return '-';
	return line[strlen("State:\t")];
}

void show_proc(pid_t pid)
{
	char line[128];
	char state = state_of(pid);

	if (state == '-' || !proc_line(pid, "TracerPid:", line, sizeof(line)))
		out("%s is gone", who(pid));
	else
		out("%s: state %c, tracer %s", who(pid), state,
		    who(atoi(line + strlen("TracerPid:"))));
}

void await_state(pid_t pid, const char *letters)
{
	double end = now() + LIMIT_S;
	char state;

	while (!strchr(letters, state = state_of(pid))) {
		if (now() > end) {
			out("TIME-OUT: %s is %c, not %s", who(pid), state,
			    letters);
			_exit(98);
		}
		pause_a_bit();
	}
}

void await_syscall(pid_t pid, long nr)
{
	double end = now() + LIMIT_S;
	char path[48], buf[256];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	for (;;) {
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
		if (fd >= 0)
			close(fd);
		if (n > 0) {
			buf[n] = 0;
			if (buf[0] >= '0' && buf[0] <= '9' && atol(buf) == nr)
				return;
		}
		if (now() > end)
			too_long("await_syscall");
		pause_a_bit();
	}
}

void await_sigchld(void)
{
	double end = now() + LIMIT_S;
	sigset_t pending;

	while (!sigpending(&pending) && !sigismember(&pending, SIGCHLD)) {
		if (now() > end)
			too_long("await_sigchld");
		pause_a_bit();
	}
}

void await_gone(pid_t pid)
{
	await_state(pid, "-ZX");
}

/* Children --------------------------------------------------------------- */

static pid_t start(const char *child, void (*fn)(void *), void *arg, int how)
{
	pid_t parent = getpid(), pid;

	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		name(getpid(), "%s", child);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(97);
		if (how == 1) {
			if (quiet_pt(PTRACE_TRACEME, 0, 0, 0))
				_exit(96);
			kill(getpid(), SIGSTOP);
		} else if (how == 2) {
			await(15);
		}
		fn(arg);
		_exit(0);
	}
	name(pid, "%s", child);
	return pid;
}

pid_t spawn(const char *child, void (*fn)(void *), void *arg)
{
	return start(child, fn, arg, 0);
}

pid_t spawn_traced(const char *child, void (*fn)(void *), void *arg)
{
	pid_t pid = start(child, fn, arg, 1);
	int status;

	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		out("spawn_traced failed: status %#x", status);
	return pid;
}

pid_t spawn_seized(const char *child, void (*fn)(void *), void *arg,
		   long options)
{
	pid_t pid;

	shm->step[15] = 0;
	pid = start(child, fn, arg, 2);
	if (quiet_pt(PTRACE_SEIZE, pid, 0, options))
		out("PTRACE_SEIZE failed: %s", show_errno(-1));
	reach(15);
	return pid;
}

void pausing(void *arg)
{
	for (;;)
		pause();
}

void finish(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
		quiet_pt(PTRACE_CONT, pid, 0, SIGKILL);
}
