// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begin and end of a session.
 */
static int stp_utrace_init(void)
{
	stp_table_open();
	stp_deferred = NULL;
	return stp_task_work_init();
}

/* No callback begins any more.  Sleeps. */
static void stp_utrace_shutdown(void)
{
	struct stp_engine *e;

	while ((e = stp_table_close())) {
		if (stp_leave(e) == -EALREADY)
			schedule_timeout_uninterruptible(1);
		stp_engine_put(e);
		cond_resched();
	}
	stp_cancel_ends();
}

/* Nothing of the session runs any more, and this module may go.  Sleeps. */
static int stp_utrace_exit(void)
{
	/* callbacks that ran meanwhile may have attached more */
	stp_utrace_shutdown();
	stp_task_work_exit();
	wait_event(stp_engines_wait, !atomic_read(&stp_engines_alive));
	synchronize_rcu();
	return 0;
}
