// SPDX-License-Identifier: GPL-2.0-only
/* Core dumps of tracees: the flag in the status and the exit event, the file */
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../rig.h"

enum { PLAIN, NO_LIMIT, NOT_DUMPABLE, THREADS };

static void *thread(void *arg)
{
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	long how = (long)arg;
	pthread_t id;

	if (how != NO_LIMIT)
		setrlimit(RLIMIT_CORE, &limit);
	if (how == NOT_DUMPABLE)
		prctl(PR_SET_DUMPABLE, 0);
	if (how == THREADS) {
		pthread_create(&id, NULL, thread, NULL);
		await(0);
	}
	raise(SIGQUIT);
}

static void end(void)
{
	struct stat st;

	if (stat("core", &st))
		out("no core file");
	else
		out("a core file, %s", st.st_size ? "not empty" : "empty");
	unlink("core");
}

int main(void)
{
	static const char *const names[] = {
		"plain", "limit 0", "not dumpable", "threads",
	};
	char pattern[64] = "";
	int fd, status;
	pid_t pid;
	long i;

	fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);
	if (fd < 0 || read(fd, pattern, sizeof(pattern) - 1) < 0)
		return 1;
	out("core_pattern %.*s", (int)strcspn(pattern, "\n"), pattern);
	for (i = 0; i < 4; i++) {
		out("%s", names[i]);
		shm->step[0] = 0;
		pid = spawn_seized("tracee", child, (void *)i,
				   PTRACE_O_TRACEEXIT);
		show_wait(pid, 0);
		pt(PTRACE_CONT, pid, 0, SIGQUIT);
		show_wait(pid, 0);
		show_msg(pid);
		end();
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		/* not through a stop */
		shm->step[0] = 0;
		pid = spawn_seized("tracee", child, (void *)i, 0);
		show_wait(pid, 0);
		pt(PTRACE_DETACH, pid, 0, SIGQUIT);
		show_wait(pid, 0);
		end();
	}
	/* another thread stands in a stop */
	shm->step[0] = 0;
	pid = spawn_seized("leader", child, (void *)THREADS, 0);
	show_wait(pid, 0);
	name(shm->pid[0], "thread");
	pt(PTRACE_SEIZE, shm->pid[0], 0, 0);
	pt(PTRACE_INTERRUPT, shm->pid[0], 0, 0);
	show_wait(shm->pid[0], __WALL);
	pt(PTRACE_CONT, pid, 0, SIGQUIT);
	show_wait(shm->pid[0], __WALL);
	show_wait(pid, 0);
	end();
	close(fd);
	(void)status;
	return 0;
}
