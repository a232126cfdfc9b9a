// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begin and end of a session.
 */
static void __stp_tf_cancel_all_task_work(void);	/* the task finder's */

static int stp_utrace_init(void)
{
	stp_table_open();
	stp_deferred = NULL;
	return stp_task_work_init();
}

/* No callback begins any more.  Sleeps. */
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

/* Nothing of the session runs any more, and this module may go.  Sleeps. */
static int stp_utrace_exit(void)
{
	/* callbacks that ran meanwhile may have attached more */
	stp_utrace_shutdown();
	wait_event(stp_tasks_wait, !atomic_read(&stp_tasks_alive));
	/* or queued a work; from here on there are none */
	__stp_tf_cancel_all_task_work();
	stp_task_work_exit();
	synchronize_rcu();
	return 0;
}
