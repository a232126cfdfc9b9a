// SPDX-License-Identifier: GPL-2.0-only
/* What else asks for ptrace access, by root, the user, another user, the tracer */
#include <fcntl.h>
#include <sys/prctl.h>

#include "../rig.h"

static long word = 77;

static void become_user(int uid)
{
	if (uid && (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		out("no user: %s", show_errno(-1));
	prctl(PR_SET_DUMPABLE, 1);
}

static void target(void *arg)
{
	become_user(1);
	if (shm->val[0])
		prctl(PR_SET_DUMPABLE, 0);
	reach(0);
	for (;;)
		pause();
}

static void file(pid_t pid, const char *what, bool show)
{
	char path[48], buf[128] = "";
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	fd = open(path, O_RDONLY);
	if (fd < 0) {
		out("  open %s: %s", what, show_errno(-1));
		return;
	}
	if (!strcmp(what, "mem"))
		n = pread(fd, buf, sizeof(word), (long)&word);
	else
		n = read(fd, buf, sizeof(buf) - 1);
	if (n < 0)
		out("  read %s: %s", what, show_errno(-1));
	else if (show)	/* without the compiler's suffix */
		out("  %s: %.*s", what, (int)strcspn(buf, "."), buf);
	else
		out("  %s: %s", what, n ? "something" : "nothing");
	close(fd);
}

static void look(void *arg)
{
	const pid_t pid = shm->pid[0];
	struct iovec to, from = { &word, sizeof(word) };
	long copy = 0, fd, got;
	char path[48], buf[64];

	if (arg)
		become_user(*(int *)arg);
	to = (struct iovec){ &copy, sizeof(copy) };
	out("  process_vm_readv %s",
	    show_errno(process_vm_readv(pid, &to, 1, &from, 1, 0)));
	copy = 78;
	out("  process_vm_writev %s",
	    show_errno(process_vm_writev(pid, &to, 1, &from, 1, 0)));
	file(pid, "mem", false);
	file(pid, "syscall", false);
	file(pid, "stack", false);
	file(pid, "wchan", true);
	file(pid, "environ", false);
	file(pid, "maps", false);
	file(pid, "auxv", false);
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	out("  exe: %s", readlink(path, buf, sizeof(buf)) < 0 ?
	    show_errno(-1) : "something");
	fd = syscall(SYS_pidfd_open, pid, 0);
	got = syscall(SYS_pidfd_getfd, fd, 1, 0);
	out("  pidfd_getfd %s", got < 0 ? show_errno(-1) : "a descriptor");
	close(got);
	close(fd);
}

int main(void)
{
	static int uids[] = { 0, 1, 2 };
	pid_t pid, other;
	int i;

	for (shm->val[0] = 0; shm->val[0] < 2; shm->val[0]++) {
		shm->step[0] = 0;
		pid = spawn("target", target, NULL);
		shm->pid[0] = pid;
		await(0);
		await_syscall(pid, SYS_pause);
		for (i = 0; i < 3; i++) {
			out("%sdumpable, by uid %d", shm->val[0] ? "not " : "",
			    uids[i]);
			other = spawn("user", look, &uids[i]);
			waitpid(other, NULL, 0);
		}
		out("by the tracer, running");
		pt(PTRACE_SEIZE, pid, 0, 0);
		look(NULL);
		out("by the tracer, at a stop");
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		show_wait(pid, 0);
		look(NULL);
		finish(pid);
	}
	return 0;
}
