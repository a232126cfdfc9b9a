// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of all tasks of this session, by process.
 *
 * A task is in the table from attach until the layer's engine is detached or
 * the task is reaped.  The table holds a reference to the layer's engine.
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

/*
 * Does @t accept an engine for @task, with or without a report_signal?  Called
 * with stp_tasks_lock held.
 */
static bool stp_takes(struct stp_task *t, struct task_struct *task,
		      bool signals)
{
	return t->task == task && t->signals == signals && !t->closing;
}

/* Do not call the engines of @t any more.  Called with stp_tasks_lock held. */
static void stp_task_close(struct stp_task *t)
{
	struct stp_engine *e;

	t->closing = true;
	list_for_each_entry(e, &t->engines, node)
		WRITE_ONCE(e->flags, 0);
}

/*
 * Returns -EAGAIN if another CPU has added the same task, -ESRCH if the session
 * is ending.  @t is in the table then as well: the caller detaches it.
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

/*
 * Add @e to @t.  @e is not visible yet.  Called with stp_tasks_lock held, or @t
 * is not visible yet either.
 */
static void stp_put_on(struct stp_task *t, struct stp_engine *e)
{
	e->on = t;
	list_add_tail(&e->node, &t->engines);
	WRITE_ONCE(t->changed, true);
}

/*
 * Does @t have an engine for the same target as @e?  Called with stp_tasks_lock
 * held.  In report_exec an engine whose begin probes were called does not
 * count: it is detached with the old program.  Any other engine is used for the
 * new program.
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
 * Add @e to @task with a reference for the caller.  Returns -ENOENT if @task is
 * not in the table, -ESRCH if it has such an engine.  If a task is forked or
 * executes a program while a session starts, the task finder finds it twice, by
 * the report and by its search.  Probes must be called once for it.
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

/* Returns an engine of @task with a reference, or NULL. */
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
 * Close the table: it accepts no more tasks.  Returns a remaining task with a
 * reference to the layer's engine, or NULL.  A task that could not be detached
 * is returned again after the others.
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
