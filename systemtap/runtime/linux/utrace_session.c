// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start and end of a session.
 */
static void __stp_tf_cancel_all_task_work(void);	/* in the task finder */

static int stp_utrace_init(void)
{
	stp_table_open();
	stp_deferred = NULL;
	return stp_task_work_init();
}

/* After this no callback is called.  One may still be running.  Sleeps. */
static void stp_utrace_shutdown(void)
{
	struct stp_task *t;

	while ((t = stp_table_close())) {
		if (stp_task_leave(t) == -EALREADY)
			schedule_timeout_uninterruptible(1);
		utrace_engine_put(t->engine);
		cond_resched();
	}
	stp_cancel_ends();
}

/* After this no code of the session runs, so the module can go.  Sleeps. */
static int stp_utrace_exit(void)
{
	/* callbacks that were still running may have attached engines */
	stp_utrace_shutdown();
	wait_event(stp_tasks_wait, !atomic_read(&stp_tasks_alive));
	/* or queued a task work; now none is running any more */
	__stp_tf_cancel_all_task_work();
	stp_task_work_exit();
	synchronize_rcu();
	return 0;
}
