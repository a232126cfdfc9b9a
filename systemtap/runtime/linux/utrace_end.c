// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a task, as probes see it.
 *
 * Probes of the end belong before the parent is told: who waited for a process
 * has then seen all of its probes.  And they need to know whether it is the
 * process that ends, which the exit report comes too early for, and the death
 * report too late.  So the exit report queues a task work, which the task runs
 * between the two.  It serves all engines of the task, in attach order.
 */
static LIST_HEAD(stp_exits);	/* under stp_engines_lock */

/* The task finder began to call probes for @data in the current task. */
static void stp_begun(void *data)
{
	struct stp_engine *e;

	spin_lock(&stp_engines_lock);
	list_for_each_entry(e, stp_bucket(current->signal), node)
		if (e->task == current && e->data == data)
			e->begun = true;
	spin_unlock(&stp_engines_lock);
}

/*
 * A target's engine asks for QUIESCE, and its probes begin after that.  A task
 * that was killed before has no beginning for them, and so no end.
 */
static bool stp_never_begun(struct stp_engine *e)
{
	return e->ops->report_quiesce && !READ_ONCE(e->begun);
}

static bool stp_same_target(struct stp_engine *e, struct stp_engine *other)
{
	return e->signal == other->signal && e->ops == other->ops &&
		e->data == other->data;
}

/*
 * Is @e, of the current task, the last of its process?  Threads exit side by
 * side; the lock makes one of them the last.
 */
static bool stp_process_ends(struct stp_engine *e)
{
	struct signal_struct *signal = current->signal;
	struct stp_engine *other;
	bool last;

	spin_lock(&stp_engines_lock);
	last = !atomic_read(&signal->live) ||
		(READ_ONCE(signal->flags) & SIGNAL_GROUP_EXIT);
	list_for_each_entry(other, stp_bucket(signal), node)
		if (other != e && stp_same_target(e, other) &&
		    other->begun && !other->ended)
			last = false;
	e->ended = true;
	spin_unlock(&stp_engines_lock);
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

/* The current task's oldest engine that waits for this; counted. */
static struct stp_engine *stp_next_ending(void)
{
	struct stp_engine *e, *found = NULL;

	spin_lock(&stp_engines_lock);
	list_for_each_entry(e, stp_bucket(current->signal), node) {
		if (e->task != current || !e->ending)
			continue;
		e->ending = false;
		utrace_engine_get(e->engine);
		found = e;
		break;
	}
	spin_unlock(&stp_engines_lock);
	return found;
}

/* io_uring runs task works early in the exit path: wait for the death report */
static void stp_end_later(void)
{
	struct stp_engine *e;

	spin_lock(&stp_engines_lock);
	list_for_each_entry(e, stp_bucket(current->signal), node)
		if (e->task == current && e->ending &&
		    utrace_set_events(current, e->engine,
				      e->engine->flags | UTRACE_EVENT(DEATH)))
			e->ending = false;
	spin_unlock(&stp_engines_lock);
}

static void stp_exit_unqueue(struct stp_engine *e)
{
	spin_lock(&stp_engines_lock);
	list_del_init(&e->exit_node);
	spin_unlock(&stp_engines_lock);
	put_task_struct(e->exit_task);
	utrace_engine_put(e->engine);
}

static void stp_exit_work(struct callback_head *work)
{
	struct stp_engine *first =
		container_of(work, struct stp_engine, exit_work);
	struct stp_engine *e;

	if (!(current->flags & PF_EXITING))
		stp_end_later();
	else
		while ((e = stp_next_ending())) {
			stp_end(e);
			utrace_engine_put(e->engine);
		}
	stp_exit_unqueue(first);
	stp_task_work_func_done();
}

/* Returns whether @e is the task's first, whose work is to be queued. */
static bool stp_note_ending(struct stp_engine *e)
{
	struct stp_engine *other;
	bool first = true;

	spin_lock(&stp_engines_lock);
	list_for_each_entry(other, stp_bucket(e->signal), node)
		if (other->task == e->task && other->ending)
			first = false;
	e->ending = true;
	if (first) {
		utrace_engine_get(e->engine);
		e->exit_task = get_task_struct(current);
		list_add_tail(&e->exit_node, &stp_exits);
	}
	spin_unlock(&stp_engines_lock);
	return first;
}

/* The exit report of an engine that wants to know of the end. */
static void stp_end_soon(struct stp_engine *e)
{
	if (!stp_note_ending(e))
		return;
	init_task_work(&e->exit_work, stp_exit_work);
	if (stp_task_work_add(current, &e->exit_work))
		stp_exit_unqueue(e);
}

/* Returns a counted task in which the work is queued or runs, or NULL. */
static struct task_struct *stp_exit_task(void)
{
	struct task_struct *task = NULL;
	struct stp_engine *e;

	spin_lock(&stp_engines_lock);
	e = list_first_entry_or_null(&stp_exits, struct stp_engine, exit_node);
	if (e)
		task = get_task_struct(e->exit_task);
	spin_unlock(&stp_engines_lock);
	return task;
}

/* A task may be held in its exit for long: take the works back. */
static void stp_cancel_ends(void)
{
	struct callback_head *work;
	struct task_struct *task;

	while ((task = stp_exit_task())) {
		work = stp_task_work_cancel(task, stp_exit_work);
		if (work)
			stp_exit_unqueue(container_of(work, struct stp_engine,
						      exit_work));
		else
			schedule_timeout_uninterruptible(1);
		put_task_struct(task);
	}
}
