// SPDX-License-Identifier: GPL-2.0-only
/*
 * All tasks of this session, by process.
 *
 * A task is in the table, with a count of the layer's engine, from attach until
 * that was detached or the task reaped.
 */
#define STP_TASK_BITS	8

static struct list_head stp_tasks[1 << STP_TASK_BITS];
static bool stp_tasks_closed;
static unsigned int stp_next_bucket;	/* for stp_table_close() */

static struct list_head *stp_bucket(struct signal_struct *signal)
{
	return &stp_tasks[hash_ptr(signal, STP_TASK_BITS)];
}

static void stp_table_open(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(stp_tasks); i++)
		INIT_LIST_HEAD(&stp_tasks[i]);
	stp_tasks_closed = false;
}

/* Does @t take engines of @task, with or without a report_signal?  Lock held. */
static bool stp_takes(struct stp_task *t, struct task_struct *task,
		      bool signals)
{
	return t->task == task && t->signals == signals && !t->closing;
}

/* No report goes to the engines of @t any more; lock held. */
static void stp_task_close(struct stp_task *t)
{
	struct stp_engine *e;

	t->closing = true;
	list_for_each_entry(e, &t->engines, node)
		WRITE_ONCE(e->flags, 0);
}

/*
 * -EAGAIN: another was faster with the same task; -ESRCH: the session is ending.
 * In any case @t is in the table then, to be detached.
 */
static int stp_table_add(struct stp_task *t)
{
	struct stp_task *other;
	int ret = 0;

	utrace_engine_get(t->engine);
	spin_lock(&stp_tasks_lock);
	list_for_each_entry(other, stp_bucket(t->signal), node)
		if (stp_takes(other, t->task, t->signals))
			ret = -EAGAIN;
	if (stp_tasks_closed)
		ret = -ESRCH;
	if (ret)
		stp_task_close(t);
	list_add_tail(&t->node, stp_bucket(t->signal));
	t->listed = true;
	spin_unlock(&stp_tasks_lock);
	return ret;
}

/* Put @e, not yet seen by anybody, on @t.  The lock is held, or @t as new. */
static void stp_put_on(struct stp_task *t, struct stp_engine *e)
{
	e->on = t;
	list_add_tail(&e->node, &t->engines);
	WRITE_ONCE(t->changed, true);
}

/*
 * Has @t an engine for the same as @e?  One whose probes know of the task goes
 * with the program when an exec is reported, and another may come for the new
 * one; any other serves that.  Lock held.
 */
static bool stp_has_same(struct stp_task *t, struct stp_engine *e)
{
	bool execing = t->task == current && t->execing;
	struct stp_engine *other;

	list_for_each_entry(other, &t->engines, node) {
		if (other->gone || other->ops != e->ops ||
		    other->data != e->data)
			continue;
		if (execing && other->walked && !stp_never_begun(other))
			continue;
		if (execing)
			other->wanted = true;
		return true;
	}
	return false;
}

/*
 * Put @e, counted, on @task.  -ENOENT: that is not in the table.  -ESRCH: it has
 * such an engine.  The task finder comes to a task that is new when a session
 * starts by its parent's report and by its own search, or to one that executes
 * another program meanwhile; probes are to hear of it once.
 */
static int stp_table_put_on(struct task_struct *task, struct stp_engine *e)
{
	bool signals = e->ops->report_signal;
	struct stp_task *t;
	int ret = -ENOENT;

	spin_lock(&stp_tasks_lock);
	list_for_each_entry(t, stp_bucket(task->signal), node) {
		if (!stp_takes(t, task, signals) || stp_tasks_closed)
			continue;
		ret = stp_has_same(t, e) ? -ESRCH : 0;
		if (!ret) {
			stp_put_on(t, e);
			stp_engine_get(e);
		}
		break;
	}
	spin_unlock(&stp_tasks_lock);
	return ret;
}

static bool stp_matches(struct stp_engine *e, int flags,
			const struct stp_engine_ops *ops, void *data)
{
	if (e->gone)
		return false;
	if ((flags & UTRACE_ATTACH_MATCH_OPS) && e->ops != ops)
		return false;
	return !(flags & UTRACE_ATTACH_MATCH_DATA) || e->data == data;
}

/* Returns a counted engine of @task, or NULL. */
static struct stp_engine *stp_table_find(struct task_struct *task, int flags,
					 const struct stp_engine_ops *ops,
					 void *data)
{
	struct stp_engine *e, *found = NULL;
	struct stp_task *t;

	spin_lock(&stp_tasks_lock);
	list_for_each_entry(t, stp_bucket(task->signal), node) {
		if (t->task != task)
			continue;
		list_for_each_entry(e, &t->engines, node)
			if (!found && stp_matches(e, flags, ops, data))
				found = stp_engine_get(e);
	}
	spin_unlock(&stp_tasks_lock);
	return found;
}

/*
 * No more are wanted.  Returns one that is left, its engine counted, or NULL.  One
 * that could not be detached comes again after the others.
 */
static struct stp_task *stp_table_close(void)
{
	struct stp_task *t = NULL;
	int i;

	spin_lock(&stp_tasks_lock);
	stp_tasks_closed = true;
	for (i = 0; i < ARRAY_SIZE(stp_tasks) && !t; i++) {
		stp_next_bucket = (stp_next_bucket + 1) % ARRAY_SIZE(stp_tasks);
		t = list_first_entry_or_null(&stp_tasks[stp_next_bucket],
					     struct stp_task, node);
	}
	if (t) {
		list_move_tail(&t->node, &stp_tasks[stp_next_bucket]);
		utrace_engine_get(t->engine);
		stp_task_close(t);
	}
	spin_unlock(&stp_tasks_lock);
	return t;
}
