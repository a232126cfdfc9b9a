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

/* Returns false if the session is ending and wants no more tasks. */
static bool stp_table_add(struct stp_task *t)
{
	bool open;

	utrace_engine_get(t->engine);
	spin_lock(&stp_tasks_lock);
	open = !stp_tasks_closed;
	list_add_tail(&t->node, stp_bucket(t->signal));
	t->listed = true;
	spin_unlock(&stp_tasks_lock);
	return open;
}

/* Put @e, not yet seen by anybody, on @t.  The lock is held, or @t as new. */
static void stp_put_on(struct stp_task *t, struct stp_engine *e)
{
	e->on = t;
	list_add_tail(&e->node, &t->engines);
	WRITE_ONCE(t->changed, true);
}

/* Put @e, counted, on @task, which is in the table; returns false if it is not. */
static bool stp_table_put_on(struct task_struct *task, struct stp_engine *e)
{
	struct stp_task *t;
	bool done = false;

	spin_lock(&stp_tasks_lock);
	list_for_each_entry(t, stp_bucket(task->signal), node) {
		if (t->task != task || t->closing || stp_tasks_closed ||
		    t->signals != !!e->ops->report_signal)
			continue;
		stp_put_on(t, e);
		stp_engine_get(e);
		done = true;
		break;
	}
	spin_unlock(&stp_tasks_lock);
	return done;
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

/* No more are wanted.  Returns one that is left, its engine counted, or NULL. */
static struct stp_task *stp_table_close(void)
{
	struct stp_task *t = NULL;
	struct stp_engine *e;
	int i;

	spin_lock(&stp_tasks_lock);
	stp_tasks_closed = true;
	for (i = 0; i < ARRAY_SIZE(stp_tasks) && !t; i++)
		t = list_first_entry_or_null(&stp_tasks[i], struct stp_task,
					     node);
	if (t) {
		utrace_engine_get(t->engine);
		t->closing = true;
		/* a report that is on its way goes to none of these any more */
		list_for_each_entry(e, &t->engines, node)
			WRITE_ONCE(e->flags, 0);
	}
	spin_unlock(&stp_tasks_lock);
	return t;
}
