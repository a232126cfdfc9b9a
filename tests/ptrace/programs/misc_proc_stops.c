// SPDX-License-Identifier: GPL-2.0-only
/* State, TracerPid, wchan and /proc/PID/syscall of a tracee at each kind of stop */
#include <fcntl.h>

#include "../rig.h"

static void child(void *arg)
{
	pid_t pid;

	raise(SIGUSR1);
	raise(SIGSTOP);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	execl("/proc/self/exe", "misc_proc_stops", "new", NULL);
}

static void show_file(pid_t pid, const char *name)
{
	char path[48], buf[256];
	int fd, i;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	/* it may have told of its stop and be on its way off the processor */
	for (i = 0; i < 10000; i++) {
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
		close(fd);
		if (strcmp(name, "wchan") || n != 1 || *buf != '0')
			break;
		usleep(500);
	}
	if (n < 0) {
		out("  %s: %s", name, show_errno(-1));
		return;
	}
	buf[n] = 0;
	buf[strcspn(buf, "\n")] = 0;
	if (!strcmp(name, "stack"))
		out("  %s: %s", name, n ? "something" : "nothing");
	else if (!strcmp(name, "syscall") && *buf != 'r')
		out("  %s: %s", name, syscall_name(atol(buf)));
	else	/* a function, without the compiler's suffix */
		out("  %s: %.*s", name, (int)strcspn(buf, "."), buf);
}

static void look(pid_t pid)
{
	show_proc(pid);
	show_file(pid, "syscall");
	show_file(pid, "stack");
	show_file(pid, "wchan");
}

int main(int argc, char **argv)
{
	unsigned long msg;
	pid_t pid;
	int i;

	if (argc > 1)
		return 3;
	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACEFORK |
			   PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
			   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
	show_wait(pid, 0);
	look(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	look(pid);
	pt(PTRACE_CONT, pid, 0, SIGSTOP);
	show_wait(pid, 0);
	look(pid);
	pt(PTRACE_LISTEN, pid, 0, 0);
	look(pid);
	kill(pid, SIGCONT);
	show_wait(pid, 0);
	look(pid);
	for (i = 0; i < 2; i++) {
		pt(PTRACE_SYSCALL, pid, 0, 0);
		show_wait(pid, 0);
		look(pid);
	}
	do {
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		if (show_wait(pid, 0) != pid)
			return 1;
	} while (event_of(last_status()) != PTRACE_EVENT_FORK);
	look(pid);
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show_wait(msg, 0);
	look(msg);
	pt(PTRACE_CONT, msg, 0, 0);
	show_wait(msg, 0);
	look(msg);
	/* zombie, once it goes on */
	pt(PTRACE_CONT, pid, 0, 0);
	pt(PTRACE_CONT, msg, 0, 0);
	show_wait(msg, 0);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	look(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	look(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "Z");
	show_proc(pid);
	show_wait(pid, 0);
	return 0;
}
