// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a task: call the end probes.
 *
 * They must be called before the parent is notified, so that all probes of a
 * process have been called when wait(2) returns.  They also need to know
 * whether the process ends.  report_exit comes too early for this, and
 * report_death comes after the parent was notified.  So report_exit queues a
 * task work, which the task runs between the two.  It calls all engines of the
 * task, in the order of attachment.
 */
static LIST_HEAD(stp_exits);	/* under stp_tasks_lock */

/* The task finder is about to call the begin probes of @data in current. */
static void stp_begun(void *data)
{
	struct stp_engine *e;
	struct stp_task *t;

	spin_lock(&stp_tasks_lock);
	list_for_each_entry(t, stp_bucket(current->signal), node) {
		if (t->task != current)
			continue;
		list_for_each_entry(e, &t->engines, node)
			if (e->data == data)
				WRITE_ONCE(e->begun, true);
	}
	spin_unlock(&stp_tasks_lock);
}

/* Does @t have another engine for the target of @e that has not ended? */
static bool stp_runs_on(struct stp_task *t, struct stp_engine *e)
{
	struct stp_engine *other;

	list_for_each_entry(other, &t->engines, node)
		if (other != e && !other->gone && other->begun &&
		    !other->ended && other->ops == e->ops &&
		    other->data == e->data)
			return true;
	return false;
}

/*
 * Is @e, an engine of current, the last one in the process for its target?
 * Threads can exit at the same time: the lock makes one of them the last.
 */
static bool stp_process_ends(struct stp_engine *e)
{
	struct signal_struct *signal = current->signal;
	struct stp_task *t;
	bool last;

	spin_lock(&stp_tasks_lock);
	last = !atomic_read(&signal->live) ||
		(READ_ONCE(signal->flags) & SIGNAL_GROUP_EXIT);
	list_for_each_entry(t, stp_bucket(signal), node)
		if (t->signal == signal && stp_runs_on(t, e))
			last = false;
	e->ended = true;
	spin_unlock(&stp_tasks_lock);
	return last;
}

static void stp_end(struct stp_engine *e)
{
	bool last = stp_process_ends(e);
	u32 answer = UTRACE_DETACH;

	if (!stp_never_begun(e))
		answer = e->ops->report_death(e, last, -1);
	if (utrace_resume_action(answer) == UTRACE_DETACH)
		stp_leave(e);
}

/* Call the engines of current that requested DEATH */
static void stp_ends(struct stp_task *t)
{
	struct stp_engine *e;

	t->ending = false;
	stp_settle(t);
	list_for_each_entry(e, &t->walk, walk)
		if (READ_ONCE(e->flags) & UTRACE_EVENT(DEATH))
			stp_end(e);
}

/* io_uring runs task works early in the exit path: wait for report_death */
static void stp_end_later(struct stp_task *t)
{
	spin_lock(&stp_tasks_lock);
	t->late = true;
	if (stp_task_ask(t))
		t->ending = false;
	spin_unlock(&stp_tasks_lock);
}

static void stp_exit_unqueue(struct stp_task *t)
{
	spin_lock(&stp_tasks_lock);
	list_del_init(&t->exit_node);
	spin_unlock(&stp_tasks_lock);
	put_task_struct(t->exit_task);
	utrace_engine_put(t->engine);
}

static void stp_exit_work(struct callback_head *work)
{
	struct stp_task *t = container_of(work, struct stp_task, exit_work);

	if (current->flags & PF_EXITING)
		stp_ends(t);
	else
		stp_end_later(t);
	stp_exit_unqueue(t);
	stp_task_work_func_done();
}

/* Called in report_exit: queue the task work for the end probes */
static void stp_end_soon(struct stp_task *t)
{
	utrace_engine_get(t->engine);
	t->exit_task = get_task_struct(current);
	t->ending = true;
	spin_lock(&stp_tasks_lock);
	list_add_tail(&t->exit_node, &stp_exits);
	spin_unlock(&stp_tasks_lock);
	init_task_work(&t->exit_work, stp_exit_work);
	if (stp_task_work_add(current, &t->exit_work))
		stp_exit_unqueue(t);
}

/*
 * Returns a task in which the work is queued or running, with a reference, or
 * NULL.
 */
static struct task_struct *stp_exit_task(void)
{
	struct task_struct *task = NULL;
	struct stp_task *t;

	spin_lock(&stp_tasks_lock);
	t = list_first_entry_or_null(&stp_exits, struct stp_task, exit_node);
	if (t)
		task = get_task_struct(t->exit_task);
	spin_unlock(&stp_tasks_lock);
	return task;
}

/* A task may be held in its exit for a long time, so cancel the works. */
static void stp_cancel_ends(void)
{
	struct callback_head *work;
	struct task_struct *task;

	while ((task = stp_exit_task())) {
		work = stp_task_work_cancel(task, stp_exit_work);
		if (work)
			stp_exit_unqueue(container_of(work, struct stp_task,
						      exit_work));
		else
			schedule_timeout_uninterruptible(1);
		put_task_struct(task);
	}
}
