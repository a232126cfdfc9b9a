// SPDX-License-Identifier: GPL-2.0-only
/* exec of a set-user-id file by a tracee of root and by one of the user */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "../rig.h"

static void child(void *arg)
{
	if (arg && setresuid(1, 1, 1))
		_exit(98);
	execl("./suid", "suid", "new", NULL);
	_exit(97);
}

static void run(pid_t pid)
{
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_proc(pid);
	if (!WIFSTOPPED(last_status()))
		return;
	out("  peek %s", show_errno(quiet_pt(PTRACE_PEEKDATA, pid,
					     (long)run, (long)&shm->val[0])));
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
}

static void user(void *arg)
{
	if (setresuid(1, 1, 1))
		_exit(98);
	prctl(PR_SET_DUMPABLE, 1);
	out("traced by the user");
	run(spawn_traced("tracee", child, NULL));
}

int main(int argc, char **argv)
{
	char buf[65536];
	int from, to;
	pid_t pid;
	long n;

	if (argc > 1)
		return 10 + 10 * getuid() + geteuid();
	from = open("/proc/self/exe", O_RDONLY);
	to = open("suid", O_WRONLY | O_CREAT, 0755);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			return 1;
	close(to);
	close(from);
	if (chmod(".", 0755) || chmod("suid", 04755))
		return 1;
	out("not traced");
	pid = spawn("free", child, &pid);
	show_wait(pid, 0);
	out("traced by root");
	run(spawn_traced("tracee", child, &pid));
	pid = spawn("user", user, NULL);
	show_wait(pid, 0);

	/* root lets go of the task: what its exec may is its own again */
	out("detached before");
	pid = spawn_traced("tracee", child, &pid);
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
	unlink("suid");
	return 0;
}
