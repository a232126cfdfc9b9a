// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each event is reported once where it occurs, with the right arguments, and to
 * no engine that did not request it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

static int fork_one(void)
{
	int status;
	pid_t pid;

	ut_step(1);
	pid = fork();
	if (!pid)
		_exit(0);
	ut_shm->val[0] = pid;
	waitpid(pid, &status, 0);
	ut_step(2);
	return 0;
}

UT_TEST(clone_fork)
{
	pid_t pid = ut_child(fork_one);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_go(1);
	WAIT(h, UT_CLONE);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(SIGCHLD, r->arg[0] & 0xff);
	EXPECT_EQ(0, r->arg[0] & (CLONE_VM | CLONE_VFORK | CLONE_THREAD));
	EXPECT_EQ(UTRACE_RESUME, r->action & UTRACE_RESUME_MASK);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(ut_shm->val[0], r->arg[1]);
	EXPECT_EQ(0, ut_drain(-1, -1));
	EXPECT_EQ(1, ut_count(h, UT_CLONE));
}

/* The task stops after report_clone, although no engine requests any event. */
UT_TEST(clone_stop_without_events)
{
	pid_t pid = ut_child(fork_one);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, ANSWER(UTRACE_STOP), OPS(OP(SETEVENTS, -1, 0)));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_wait_examine(h));
	EXPECT_EQ(1, ut_shm->at);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
}

static int clone_fails(void)
{
	ut_step(1);
	ut_shm->val[0] = syscall(__NR_clone, CLONE_THREAD, 0, 0, 0, 0);
	ut_step(2);
	return 0;
}

UT_TEST(clone_failed)
{
	pid_t pid = ut_child(clone_fails);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(-1, ut_shm->val[0]);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static int vfork_one(void)
{
	pid_t pid;

	ut_step(1);
	pid = vfork();
	if (!pid)
		_exit(0);
	ut_shm->val[0] = pid;
	waitpid(pid, NULL, 0);
	ut_step(2);
	return 0;
}

UT_TEST(vfork)
{
	pid_t pid = ut_child(vfork_one), child;
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE) | EV(VFORK_DONE));
	ut_go(1);
	WAIT(h, UT_CLONE);
	EXPECT_NE(0, r->arg[0] & CLONE_VFORK);
	child = r->arg[1];
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_VFORK_DONE, r->cb);
	EXPECT_EQ(child, r->arg[0]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(child, ut_shm->val[0]);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* report_vfork_done is called after the child has released the memory. */
UT_TEST(vfork_done_order)
{
	pid_t pid = ut_child(vfork_one), child;
	struct ut_rec *r;
	int h, hc;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE) | EV(VFORK_DONE));
	ut_rule(h, UT_CLONE, OPS(OP(FOLLOW, EV(EXIT))));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	WAIT_OP(h, FOLLOW);
	hc = r->arg[1];
	ASSERT_LE(0, hc);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_EXIT, r->cb);
	EXPECT_EQ(hc, r->handle);
	EXPECT_EQ(child, r->tid);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_VFORK_DONE, r->cb);
	EXPECT_EQ(h, r->handle);
}

static void *thread_syscalls(void *arg)
{
	ut_shm->val[1] = syscall(SYS_gettid);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	while (ut_shm->flag[0] < 1)
		__builtin_ia32_pause();
	return NULL;
}

static int make_thread(void)
{
	pthread_t t;

	ut_step(1);
	pthread_create(&t, NULL, thread_syscalls, NULL);
	pthread_join(t, NULL);
	ut_step(2);
	return 0;
}

/* A new thread without an engine reports nothing. */
UT_TEST(clone_thread)
{
	pid_t pid = ut_child(make_thread);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE) | EV_SYSCALLS | EV(EXIT) | EV(DEATH));
	ut_go(1);
	WAIT(h, UT_CLONE);
	EXPECT_NE(0, r->arg[0] & CLONE_THREAD);
	ut_shm->flag[0] = 1;
	ASSERT_EQ(0, ut_wait_at(2));
	while ((r = ut_poll()) != NULL) {
		EXPECT_EQ(pid, r->tid);
		EXPECT_NE(UT_EXIT, r->cb);
		EXPECT_FALSE(r->cb == UT_SYSCALL_ENTRY &&
			     r->arg[0] == __NR_getppid);
	}
}

/* With an engine attached in report_clone, a thread reports all events. */
UT_TEST(clone_thread_followed)
{
	pid_t pid = ut_child(make_thread), tid;
	struct ut_rec *r;
	int h, ht, getppid_seen = 0;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, OPS(OP(FOLLOW, EV(SYSCALL_ENTRY) | EV(EXIT) |
				    EV(DEATH) | EV(REAP))));
	ut_shm->flag[0] = 1;
	ut_go(1);
	WAIT(h, UT_CLONE);
	tid = r->arg[1];
	WAIT_OP(h, FOLLOW);
	ht = r->arg[1];
	ASSERT_LE(0, ht);
	do {
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(ht, r->handle);
		EXPECT_EQ(tid, r->tid);
		getppid_seen += r->cb == UT_SYSCALL_ENTRY &&
				r->arg[0] == __NR_getppid;
	} while (r->cb == UT_SYSCALL_ENTRY);
	EXPECT_EQ(1, getppid_seen);
	EXPECT_EQ(UT_EXIT, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_DEATH, r->cb);
	EXPECT_EQ(0, r->arg[0]);
	EXPECT_EQ((uint64_t)-1, r->arg[1]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_REAP, r->cb);
	EXPECT_EQ(tid, r->arg[0]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(0, ut_drain(-1, -1));
	EXPECT_EQ(tid, ut_shm->val[1]);
}

static int exec_true(void)
{
	char *argv[] = { "true", NULL };

	ut_step(1);
	execv("/nonexistent", argv);
	execv("/bin/true", argv);
	return 1;
}

UT_TEST(exec)
{
	pid_t pid = ut_child(exec_true);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXEC));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h, UT_EXEC);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(1, r->arg[0]);
	EXPECT_NE(0, r->arg[1]);
	EXPECT_STREQ("true", r->name);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static int exec_script(void)
{
	char *argv[] = { "script", NULL };

	ut_step(1);
	execv("/tmp/ut_script", argv);
	return 1;
}

/* execve of a script is reported once, not again for its interpreter. */
UT_TEST(exec_of_script)
{
	struct ut_rec *r;
	pid_t pid;
	int fd, h;

	fd = open("/tmp/ut_script", O_CREAT | O_WRONLY | O_TRUNC, 0700);
	ASSERT_LE(0, fd);
	ASSERT_LT(0, write(fd, "#!/bin/true\n", 12));
	close(fd);
	pid = ut_child(exec_script);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXEC));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h, UT_EXEC);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static int exit_17(void)
{
	ut_step(1);
	syscall(SYS_exit_group, 17);
	return 0;
}

UT_TEST(exit_death_reap_release)
{
	pid_t pid = ut_child(exit_17);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT) | EV(DEATH) | EV(REAP));
	ut_go(1);
	WAIT(h, UT_EXIT);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(17 << 8, r->arg[0]);
	EXPECT_EQ(17 << 8, r->arg[1]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_DEATH, r->cb);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(1, r->arg[0]);
	EXPECT_EQ(SIGCHLD, r->arg[1]);
	EXPECT_EQ('Z', ut_state(pid));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(17 << 8, ut_reap(pid));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_REAP, r->cb);
	EXPECT_EQ(pid, r->arg[0]);
	/* no release: the test still holds a reference */
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_DETACH));
	ut_put(h);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_RELEASE, r->cb);
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(1, ut_total(UT_RELEASE));
}

static int die_by_sigterm(void)
{
	ut_step(1);
	kill(getpid(), SIGTERM);
	return 0;
}

UT_TEST(exit_code_of_signal)
{
	pid_t pid = ut_child(die_by_sigterm);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	ut_go(1);
	WAIT(h, UT_EXIT);
	EXPECT_EQ(SIGTERM, r->arg[0]);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
}

/* The second engine is passed the code that the first one has set. */
UT_TEST(exit_code_changed)
{
	pid_t pid = ut_child(exit_17);
	struct ut_rec *r;
	int h1, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h1, pid, EV(EXIT));
	ATTACH(h2, pid, EV(EXIT));
	ASSERT_LE(0, h1);
	ASSERT_LE(0, h2);
	ut_rule(h1, UT_EXIT, OPS(OP(SETCODE, 23 << 8)));
	ut_go(1);
	WAIT(h2, UT_EXIT);
	EXPECT_EQ(17 << 8, r->arg[0]);
	EXPECT_EQ(23 << 8, r->arg[1]);
	EXPECT_EQ(23 << 8, ut_reap(pid));
}

static int ignore_and_fork(void)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (!pid) {
		ut_step(1);
		_exit(3);
	}
	ut_shm->val[0] = pid;
	return pause();
}

UT_TEST(death_of_self_reaping)
{
	struct ut_rec *r;
	pid_t pid;
	int h;

	ASSERT_LT(0, ut_child(ignore_and_fork));
	ASSERT_EQ(0, ut_wait_at(1));
	while (!(pid = ut_shm->val[0]))
		usleep(500);
	ATTACH(h, pid, EV(DEATH) | EV(REAP));
	ut_go(1);
	WAIT(h, UT_DEATH);
	EXPECT_EQ(1, r->arg[0]);
	EXPECT_EQ((uint64_t)-1, r->arg[1]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_REAP, r->cb);
	EXPECT_EQ(pid, r->arg[0]);
	EXPECT_EQ(0, ut_wait_gone(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static void *outlive(void *arg)
{
	ut_shm->val[1] = syscall(SYS_gettid);
	ut_step(2);
	syscall(SYS_exit, 5);
	return NULL;
}

static int leader_first(void)
{
	pthread_t t;

	pthread_create(&t, NULL, outlive, NULL);
	while (ut_shm->at < 2)
		__builtin_ia32_pause();
	while (ut_shm->go < 1)
		__builtin_ia32_pause();
	syscall(SYS_exit, 7);
	return 0;
}

UT_TEST(death_of_leader_first)
{
	pid_t pid = ut_child(leader_first), tid;
	struct ut_rec *r;
	int h, ht;

	ASSERT_EQ(0, ut_wait_at(2));
	tid = ut_shm->val[1];
	ATTACH(h, pid, EV(EXIT) | EV(DEATH) | EV(REAP));
	ATTACH(ht, tid, EV(EXIT) | EV(DEATH) | EV(REAP));
	ASSERT_LE(0, h);
	ASSERT_LE(0, ht);
	ut_go(1);
	WAIT(h, UT_EXIT);
	EXPECT_EQ(7 << 8, r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(h, r->handle);
	EXPECT_EQ(UT_DEATH, r->cb);
	EXPECT_EQ(0, r->arg[0]);
	EXPECT_EQ((uint64_t)-2, r->arg[1]);
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ('Z', ut_state(pid));
	ut_go(2);
	WAIT(ht, UT_EXIT);
	EXPECT_EQ(5 << 8, r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(ht, r->handle);
	EXPECT_EQ(UT_DEATH, r->cb);
	EXPECT_EQ(1, r->arg[0]);
	EXPECT_EQ((uint64_t)-1, r->arg[1]);
	WAIT(ht, UT_REAP);
	EXPECT_EQ(5 << 8, ut_reap(pid));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(h, r->handle);
	EXPECT_EQ(UT_REAP, r->cb);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static int one_syscall(void)
{
	ut_step(1);
	ut_shm->val[0] = ut_syscall(__NR_getppid, 11, 12, 13, 14, 15, 16);
	ut_step(2);
	ut_syscall(__NR_exit_group, 0, 0, 0, 0, 0, 0);
	return 0;
}

UT_TEST(syscall_both_ends)
{
	pid_t pid = ut_child(one_syscall);
	struct ut_rec *r;
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SYSCALLS);
	ut_go(1);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(__NR_getppid, r->arg[0]);
	for (i = 1; i <= 6; i++)
		EXPECT_EQ(10 + i, r->arg[i]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	EXPECT_EQ(__NR_getppid, r->arg[0]);
	EXPECT_EQ(getpid(), r->arg[1]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(getpid(), ut_shm->val[0]);
	EXPECT_EQ(NULL, ut_poll());
	/* a system call that does not return */
	ut_go(2);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(__NR_exit_group, r->arg[0]);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

UT_TEST(syscall_one_end)
{
	pid_t pid = ut_child(one_syscall);
	int in, out;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(in, pid, EV(SYSCALL_ENTRY));
	ATTACH(out, pid, EV(SYSCALL_EXIT));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(1, ut_count(in, UT_SYSCALL_ENTRY));
	EXPECT_EQ(0, ut_count(in, UT_SYSCALL_EXIT));
	EXPECT_EQ(0, ut_count(out, UT_SYSCALL_ENTRY));
	EXPECT_EQ(1, ut_count(out, UT_SYSCALL_EXIT));
}

/* No system call is reported after the engine has cleared its mask. */
UT_TEST(syscall_switched_off)
{
	pid_t pid = ut_child(one_syscall);
	int h, ret;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SYSCALLS);
	ret = ut_events(h, 0);
	EXPECT_TRUE(ret == 0 || ret == -EINPROGRESS);
	EXPECT_EQ(0, ut_barrier(h));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(NULL, ut_poll());
}

static void on_signal(int sig)
{
	ut_shm->flag[1]++;
}

static int signal_self(void)
{
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, SIG_IGN);
	ut_step(1);
	ut_syscall(__NR_kill, getpid(), SIGUSR1, 0, 0, 0, 0);
	ut_step(2);
	ut_syscall(__NR_kill, getpid(), SIGUSR2, 0, 0, 0, 0);
	ut_syscall(__NR_kill, getpid(), SIGCHLD, 0, 0, 0, 0);
	ut_step(3);
	ut_syscall(__NR_kill, getpid(), SIGTERM, 0, 0, 0, 0);
	return 0;
}

UT_TEST(signal_kinds)
{
	pid_t pid = ut_child(signal_self);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_go(1);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SIGNAL, r->cb);
	EXPECT_EQ(UTRACE_SIGNAL_DELIVER, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGUSR1, r->arg[0]);
	EXPECT_EQ(SI_USER, (int)r->arg[1]);
	EXPECT_EQ(pid, r->arg[2]);
	EXPECT_NE((uint64_t)-1, r->arg[4]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UTRACE_SIGNAL_HANDLER, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)-1, r->arg[4]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(1, ut_shm->flag[1]);
	ut_go(2);
	/* SIGUSR2: ignored by the program; SIGCHLD: by default */
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UTRACE_SIGNAL_IGN, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGUSR2, r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UTRACE_SIGNAL_IGN, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGCHLD, r->arg[0]);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(NULL, ut_poll());
	ut_go(3);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UTRACE_SIGNAL_TERM, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGTERM, r->arg[0]);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* A signal is only reported to engines that requested its kind. */
UT_TEST(signal_masks)
{
	pid_t pid = ut_child(signal_self);
	int sig, ign, term, core, stop;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(sig, pid, EV(SIGNAL));
	ATTACH(ign, pid, EV(SIGNAL_IGN));
	ATTACH(term, pid, EV(SIGNAL_TERM));
	ATTACH(core, pid, EV(SIGNAL_CORE));
	ATTACH(stop, pid, EV(SIGNAL_STOP));
	ut_go(3);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
	EXPECT_EQ(2, ut_count(sig, UT_SIGNAL));	/* signal, handler */
	EXPECT_EQ(2, ut_count(ign, UT_SIGNAL));
	EXPECT_EQ(1, ut_count(term, UT_SIGNAL));
	EXPECT_EQ(0, ut_count(core, UT_SIGNAL));
	EXPECT_EQ(0, ut_count(stop, UT_SIGNAL));
}

static int core_self(void)
{
	ut_step(1);
	ut_syscall(__NR_kill, getpid(), SIGQUIT, 0, 0, 0, 0);
	return 0;
}

UT_TEST(signal_core)
{
	pid_t pid = ut_child(core_self);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_go(1);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_CORE, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGQUIT, r->arg[0]);
	EXPECT_EQ(SIGQUIT, ut_reap(pid) & 0x7f);
	EXPECT_EQ(0, ut_drain(-1, UT_SIGNAL));
}

static int spin(void)
{
	ut_step(1);
	return 0;
}

UT_TEST(sigkill_not_reported)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS | EV(EXIT));
	kill(pid, SIGKILL);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_EXIT, r->cb);
	EXPECT_EQ(SIGKILL, r->arg[0]);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	EXPECT_EQ(NULL, ut_poll());
}

UT_TEST(stop_signal_and_jctl)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL_STOP) | EV(JCTL));
	kill(pid, SIGSTOP);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SIGNAL, r->cb);
	EXPECT_EQ(UTRACE_SIGNAL_STOP, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(SIGSTOP, r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_JCTL, r->cb);
	EXPECT_EQ(CLD_STOPPED, r->arg[0]);
	EXPECT_EQ(CLD_STOPPED, r->arg[1]);
	EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(SIGSTOP, WSTOPSIG(status));
	EXPECT_EQ(0, ut_wait_state(pid, 'T'));
	EXPECT_EQ(NULL, ut_poll());
	kill(pid, SIGCONT);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_JCTL, r->cb);
	EXPECT_EQ(CLD_CONTINUED, r->arg[0]);
	EXPECT_EQ(CLD_CONTINUED, r->arg[1]);
	EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	EXPECT_TRUE(WIFCONTINUED(status));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

UT_TEST(tstp_signals)
{
	static const int sigs[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h, i, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL_STOP));
	for (i = 0; i < 3; i++) {
		kill(pid, sigs[i]);
		WAIT(h, UT_SIGNAL);
		EXPECT_EQ(UTRACE_SIGNAL_TSTP, r->action & UTRACE_SIGNAL_MASK);
		EXPECT_EQ(sigs[i], r->arg[0]);
		EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
		EXPECT_EQ(sigs[i], WSTOPSIG(status));
		kill(pid, SIGCONT);
		EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	}
}

static void *spin_thread(void *arg)
{
	ut_shm->val[(long)arg] = syscall(SYS_gettid);
	__sync_fetch_and_add(&ut_shm->flag[0], 1);
	while (ut_shm->go < 1)
		__builtin_ia32_pause();
	return NULL;
}

static int three_threads(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, spin_thread, (void *)1);
	pthread_create(&t[1], NULL, spin_thread, (void *)2);
	while (ut_shm->flag[0] < 2)
		__builtin_ia32_pause();
	ut_step(1);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}

/* Each thread reports a job control stop; notify is set for one of them. */
UT_TEST(jctl_of_threads)
{
	pid_t pid = ut_child(three_threads);
	int h[3], i, status, told = 0, seen = 0;
	struct ut_rec *r;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h[0], pid, EV(JCTL));
	ATTACH(h[1], ut_shm->val[1], EV(JCTL));
	ATTACH(h[2], ut_shm->val[2], EV(JCTL));
	kill(pid, SIGSTOP);
	for (i = 0; i < 3; i++) {
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_JCTL, r->cb);
		EXPECT_EQ(CLD_STOPPED, r->arg[0]);
		EXPECT_TRUE(r->arg[1] == 0 || r->arg[1] == CLD_STOPPED);
		told += !!r->arg[1];
		seen |= 1 << r->handle;
	}
	/* the last thread to stop, whose record need not be logged last */
	EXPECT_EQ(1, told);
	EXPECT_EQ(1 << h[0] | 1 << h[1] | 1 << h[2], seen);
	EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	kill(pid, SIGCONT);
	for (i = 0, seen = 0, told = 0; i < 3; i++) {
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_JCTL, r->cb);
		EXPECT_EQ(CLD_CONTINUED, r->arg[0]);
		told += !!r->arg[1];
		seen |= 1 << r->handle;
	}
	EXPECT_EQ(1, told);
	EXPECT_EQ(1 << h[0] | 1 << h[1] | 1 << h[2], seen);
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* Each thread of a dying process reports its exit once. */
UT_TEST(exit_group_of_threads)
{
	pid_t pid = ut_child(three_threads);
	struct ut_rec *r;
	int h[3], i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h[0], pid, EV(EXIT) | EV(DEATH) | EV(REAP));
	ATTACH(h[1], ut_shm->val[1], EV(EXIT) | EV(DEATH) | EV(REAP));
	ATTACH(h[2], ut_shm->val[2], EV(EXIT) | EV(DEATH) | EV(REAP));
	kill(pid, SIGTERM);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
	for (i = 0; i < 3; i++)
		WAIT(-1, UT_REAP);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(1, ut_count(h[i], UT_EXIT));
		EXPECT_EQ(1, ut_count_is(h[i], UT_DEATH, 1));
		EXPECT_EQ(1, ut_count_is(h[i], UT_REAP, 1));
	}
}

UT_TEST(quiesce_before_user_mode)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
	WAIT(h, UT_QUIESCE);
	EXPECT_EQ(0, r->arg[0]);
	EXPECT_EQ(pid, r->tid);
	EXPECT_EQ(UTRACE_RESUME, r->action & UTRACE_RESUME_MASK);
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	/* others precede exit and death only */
	while ((r = ut_poll()) != NULL)
		EXPECT_FALSE(r->cb == UT_QUIESCE && r->arg[0] == 0);
}

static int sleep_in_pause(void)
{
	ut_shm->at = 1;
	while (ut_shm->go < 1) {
		pause();
		ut_shm->flag[0]++;
	}
	return 0;
}

/*
 * REPORT does not interrupt a system call.  INTERRUPT does, but the call is
 * restarted.
 */
UT_TEST(report_and_interrupt_asleep)
{
	pid_t pid = ut_child(sleep_in_pause);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h, pid, EV(QUIESCE));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)-1, r->arg[4]);
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	EXPECT_EQ(0, ut_shm->flag[0]);
	EXPECT_EQ(0, ut_drain(h, UT_SIGNAL));
}

UT_TEST(interrupt_needs_no_quiesce)
{
	pid_t pid = ut_child(sleep_in_pause);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h2, pid, EV(SIGNAL));
	ATTACH(h, pid, EV(SIGNAL));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(h, r->handle);
	EXPECT_EQ(UT_SIGNAL, r->cb);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	EXPECT_EQ(0, ut_count(h2, UT_SIGNAL));
}

/* Without report_signal in the ops, INTERRUPT calls report_quiesce. */
UT_TEST(interrupt_without_report_signal)
{
	pid_t pid = ut_child(sleep_in_pause);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	h = ut_attach_as(pid, UTRACE_ATTACH_CREATE, UT_OPS_QUIESCE, UT_HOW_TASK);
	ASSERT_LE(0, h);
	EXPECT_EQ(0, ut_events(h, EV(QUIESCE)));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_QUIESCE, r->cb);
	EXPECT_EQ(0, r->arg[0]);
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
}

UT_TEST(signal_without_report_signal)
{
	pid_t pid = ut_child(signal_self);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	h = ut_attach_as(pid, UTRACE_ATTACH_CREATE, UT_OPS_QUIESCE, UT_HOW_TASK);
	ASSERT_LE(0, h);
	EXPECT_EQ(0, ut_events(h, EV(SIGNAL) | EV(SIGNAL_IGN)));
	ut_go(2);
	WAIT_ARG(h, UT_QUIESCE, EV(SIGNAL));
	WAIT_ARG(h, UT_QUIESCE, EV(SIGNAL_IGN));
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(1, ut_shm->flag[1]);
}

/* report_quiesce is called before each event but signals and reap. */
UT_TEST(quiesce_before_events)
{
	pid_t pid = ut_child(fork_one);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE) | EV(CLONE) | EV(EXIT) | EV(DEATH) | EV(REAP));
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_QUIESCE, r->cb);
	EXPECT_EQ(EV(CLONE), r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_CLONE, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_QUIESCE, r->cb);
	EXPECT_EQ(EV(EXIT), r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_EXIT, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_QUIESCE, r->cb);
	EXPECT_EQ(EV(DEATH), r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_DEATH, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_REAP, r->cb);
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* report_quiesce is also called for events that only others requested. */
UT_TEST(quiesce_for_others_events)
{
	pid_t pid = ut_child(fork_one);
	struct ut_rec *r;
	int q, c;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(q, pid, EV(QUIESCE));
	ATTACH(c, pid, EV(CLONE));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(q, r->handle);
	EXPECT_EQ(UT_QUIESCE, r->cb);
	EXPECT_EQ(EV(CLONE), r->arg[0]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(c, r->handle);
	EXPECT_EQ(UT_CLONE, r->cb);
	EXPECT_EQ(NULL, ut_poll());
}

/* utrace_set_events() in report_quiesce takes effect for the same event. */
UT_TEST(quiesce_sets_events)
{
	pid_t pid = ut_child(fork_one);
	struct ut_rec *r;
	int q, q2, c;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(q, pid, EV(QUIESCE));
	ATTACH(q2, pid, EV(QUIESCE) | EV(CLONE));
	ATTACH(c, pid, EV(CLONE));
	ut_rule(q, UT_QUIESCE, .match = EV(CLONE),
		OPS(OP(SETEVENTS, -1, EV(QUIESCE) | EV(CLONE))));
	ut_rule(q2, UT_QUIESCE, .match = EV(CLONE),
		OPS(OP(SETEVENTS, -1, EV(QUIESCE))));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	WAIT_OP(q, SETEVENTS);
	EXPECT_EQ(0, (int)r->arg[1]);
	EXPECT_EQ(1, ut_count(q, UT_CLONE));
	EXPECT_EQ(0, ut_count(q2, UT_CLONE));
	EXPECT_EQ(1, ut_count(c, UT_CLONE));
}

/* Oldest engine first; for system call entries newest first. */
UT_TEST(order_of_engines)
{
	pid_t pid = ut_child(one_syscall);
	struct ut_rec *r;
	int h[3], i;

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < 3; i++)
		ATTACH(h[i], pid, EV_SYSCALLS);
	ut_go(1);
	for (i = 2; i >= 0; i--) {
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_SYSCALL_ENTRY, r->cb);
		EXPECT_EQ(h[i], r->handle);
	}
	for (i = 0; i < 3; i++) {
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
		EXPECT_EQ(h[i], r->handle);
	}
}

/* An engine attached in a callback is called for the next event first. */
UT_TEST(attach_in_callback)
{
	pid_t pid = ut_child(one_syscall);
	struct ut_rec *r;
	int h, new;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(ATTACH, EV_SYSCALLS)));
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), OPS(OP(ATTACH, EV_SYSCALLS)));
	ut_go(1);
	WAIT(h, UT_SYSCALL_ENTRY);
	WAIT_OP(h, ATTACH);
	new = r->arg[1];
	ASSERT_LE(0, new);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(h, r->handle);
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_OPRES, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(new, r->handle);
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(NULL, ut_poll());
}

/* An engine attached in report_clone is called for events of the child only. */
UT_TEST(child_from_the_start)
{
	pid_t pid = ut_child(fork_one), child;
	struct ut_rec *r;
	int h, hc;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, OPS(OP(FOLLOW, EV(SYSCALL_ENTRY) | EV(EXIT) |
				    EV(DEATH) | EV(QUIESCE))));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	WAIT_OP(h, FOLLOW);
	hc = r->arg[1];
	ASSERT_LE(0, hc);
	WAIT(hc, UT_SYSCALL_ENTRY);
	EXPECT_EQ(child, r->tid);
	WAIT(hc, UT_EXIT);
	EXPECT_EQ(child, r->tid);
	WAIT(hc, UT_DEATH);
	EXPECT_EQ(child, r->tid);
}

static int with_filter(void)
{
	ut_filter(__NR_getppid, SECCOMP_RET_TRACE | 42);
	ut_step(1);
	ut_shm->val[0] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	ut_shm->val[1] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(3);
	return 0;
}

UT_TEST(seccomp_trace)
{
	pid_t pid = ut_child(with_filter);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SECCOMP) | EV_SYSCALLS);
	ut_rule(h, UT_SECCOMP, ANSWER_ALL(UTRACE_SYSCALL_RUN | UTRACE_RESUME));
	ut_go(1);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_ENTRY, r->cb);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SECCOMP, r->cb);
	EXPECT_EQ(42, r->arg[0]);
	EXPECT_EQ(__NR_getppid, r->arg[1]);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(getpid(), ut_shm->val[0]);
	EXPECT_EQ(NULL, ut_poll());
	/* no engine takes the event: the call fails as without a tracer */
	ut_events(h, 0);
	ut_go(2);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(-ENOSYS, ut_shm->val[1]);
	EXPECT_EQ(NULL, ut_poll());
}

UT_TEST(seccomp_abort)
{
	pid_t pid = ut_child(with_filter);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SECCOMP));
	ut_rule(h, UT_SECCOMP, ANSWER_ALL(UTRACE_SYSCALL_ABORT | UTRACE_RESUME),
		OPS(OP(SETREG, UT_AX, 1234)));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(1234, ut_shm->val[0]);
	EXPECT_EQ(1, ut_count(h, UT_SECCOMP));
}

static void *exec_in_thread(void *arg)
{
	char *argv[] = { "true", NULL };

	ut_shm->val[1] = syscall(SYS_gettid);
	ut_step(1);
	execv("/bin/true", argv);
	return NULL;
}

static int exec_from_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, exec_in_thread, NULL);
	return pthread_join(t, NULL);
}

/*
 * execve by another thread than the leader: the leader is reaped, and the
 * thread takes its pid.  Engines remain attached to their tasks.
 */
UT_TEST(exec_by_thread)
{
	pid_t pid = ut_child(exec_from_thread), tid;
	struct ut_rec *r;
	int leader, thread;

	ASSERT_EQ(0, ut_wait_at(1));
	tid = ut_shm->val[1];
	ATTACH(leader, pid, EV(EXIT) | EV(DEATH) | EV(REAP) | EV(EXEC));
	ATTACH(thread, tid, EV(EXIT) | EV(DEATH) | EV(REAP) | EV(EXEC));
	ASSERT_LE(0, leader);
	ASSERT_LE(0, thread);
	ut_go(1);
	WAIT(leader, UT_EXIT);
	WAIT(leader, UT_DEATH);
	WAIT(leader, UT_REAP);
	WAIT(thread, UT_EXEC);
	EXPECT_EQ(pid, r->tid);
	WAIT(thread, UT_EXIT);
	EXPECT_EQ(pid, r->tid);
	WAIT(thread, UT_DEATH);
	EXPECT_EQ(SIGCHLD, r->arg[1]);
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(thread, UT_REAP);
	EXPECT_EQ(0, ut_drain(-1, -1));
	EXPECT_EQ(0, ut_count(leader, UT_EXEC));
	EXPECT_EQ(1, ut_count(thread, UT_EXEC));
	EXPECT_EQ(1, ut_count(thread, UT_EXIT));
}

/* A program with many events, for engines that request all */
static int busy(void)
{
	int i;

	signal(SIGUSR1, on_signal);
	ut_step(1);
	for (i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (!pid)
			exec_true();
		waitpid(pid, NULL, 0);
		raise(SIGUSR1);
	}
	return 42;
}

UT_TEST(everything)
{
	pid_t pid = ut_child(busy);
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_ALL);
	ATTACH(h2, pid, EV_ALL);
	ut_rule(h, UT_CLONE, OPS(OP(FOLLOW, EV_ALL, UT_FOLLOW_NOHANDLE)));
	ut_go(1);
	EXPECT_EQ(42 << 8, ut_reap(pid));
	EXPECT_EQ(3, ut_count(h, UT_CLONE));
	EXPECT_EQ(3, ut_count(h2, UT_CLONE));
	EXPECT_EQ(3, ut_total(UT_EXEC));
	ut_put(h);
	ut_put(h2);
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(3 + 2, ut_total(UT_EXIT));
	EXPECT_EQ(3 + 2, ut_total(UT_DEATH));
	EXPECT_EQ(3 + 2, ut_total(UT_REAP));
	EXPECT_EQ(3 + 2, ut_total(UT_RELEASE));
}

/* "Utrace:" in /proc/PID/status */
UT_TEST(proc_status)
{
	pid_t pid = ut_child(spin);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_NE(NULL, ut_status(pid, "Utrace"));
	EXPECT_STREQ("0", ut_status(pid, "Utrace"));
	ATTACH(h, pid, 0);
	EXPECT_STREQ("1 ut-a", ut_status(pid, "Utrace"));
	ASSERT_LE(0, ut_attach_as(pid, UTRACE_ATTACH_CREATE, UT_OPS_B,
				  UT_HOW_TASK));
	EXPECT_STREQ("2 ut-a utrace_test", ut_status(pid, "Utrace"));
	EXPECT_STREQ("0", ut_status(getpid(), "Utrace"));
	EXPECT_EQ(0, ut_control(h, UTRACE_DETACH));
	EXPECT_STREQ("1 utrace_test", ut_status(pid, "Utrace"));
	EXPECT_STREQ("0", ut_status(pid, "TracerPid"));
}
