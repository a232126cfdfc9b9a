// SPDX-License-Identifier: GPL-2.0-only
/* A thread blocked in a wait for another thread's tracee: what it gets when and from whom */
#include "wait.h"

enum { STOP, DEATH, NOTHREAD, SIGNAL, LAST };

static const char *const names[] = {
	"it stops", "it dies", "__WNOTHREAD by a thread that is no tracer",
	"a signal to the one that waits",
};

static volatile pid_t pid;
static volatile int how;

static void *waiter(void *arg)
{
	siginfo_t info = { 0 };
	int ret;

	shm->pid[5] = gettid_();
	reach(5);
	ret = waitid(P_PID, pid, &info, WEXITED | WSTOPPED |
		     (how == NOTHREAD ? __WNOTHREAD : 0));
	if (ret)
		shm->val[1] = -errno;
	shm->val[2] = info.si_code;
	shm->val[3] = info.si_status;
	return NULL;
}

/* A thread starts the wait, this one does the rest and joins it */
int main(void)
{
	struct sigaction sa = { .sa_handler = handler_nop };
	pthread_t thread;
	pid_t parent;
	int i;

	sigaction(SIGUSR2, &sa, NULL);
	for (i = 0; i < LAST; i++) {
		out("%s", names[i]);
		how = i;
		forget_steps();
		memset((void *)shm->val, 0, 4 * sizeof(long));
		parent = start_parent(NULL, pausing, NULL, 0);
		pid = shm->pid[0];
		rest(pid);
		pt(PTRACE_SEIZE, pid, 0, 0);
		pthread_create(&thread, NULL, waiter, NULL);
		await(5);
		if (i != NOTHREAD) {
			await_state(shm->pid[5], "S");
			await_syscall(shm->pid[5], SYS_waitid);
		}
		if (i == STOP)
			kill(pid, SIGUSR1);
		else if (i == DEATH)
			kill(pid, SIGKILL);
		else if (i == SIGNAL)
			pthread_kill(thread, SIGUSR2);
		pthread_join(thread, NULL);
		out("waitid = %ld: %ld %ld", shm->val[1], shm->val[2],
		    shm->val[3]);
		show_wait(pid, WNOHANG);
		kill(pid, SIGKILL);
		if (i != DEATH)
			show_wait(pid, 0);
		ask(ASK_WAIT, pid, 0);
		end_parent(parent);
	}
	return 0;
}
