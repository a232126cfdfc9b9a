// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task of this session, and its engines.
 */
static DEFINE_SPINLOCK(stp_tasks_lock);

/*
 * The engine of a target requests QUIESCE, and its begin probes are called
 * after that report.  If the task is killed before, no begin and no end is
 * reported.
 */
static bool stp_never_begun(struct stp_engine *e)
{
	return e->ops->report_quiesce && !READ_ONCE(e->begun);
}

/* Number of tasks that were not released yet, and the waiters for zero */
static atomic_t stp_tasks_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(stp_tasks_wait);

static struct stp_task *stp_task_alloc(struct task_struct *task, bool signals)
{
	struct stp_task *t = kzalloc(sizeof(*t), GFP_ATOMIC);

	if (!t)
		return NULL;
	t->task = task;
	t->signal = task->signal;
	t->signals = signals;
	INIT_LIST_HEAD(&t->walk);
	INIT_LIST_HEAD(&t->engines);
	INIT_LIST_HEAD(&t->exit_node);
	atomic_inc(&stp_tasks_alive);
	return t;
}

/*
 * The layer calls this under rcu_read_lock().  So the module can be unloaded
 * when this was called for all tasks and a grace period has passed.
 */
static void stp_task_release(void *data)
{
	struct stp_engine *e, *next;
	struct stp_task *t = data;

	list_for_each_entry_safe(e, next, &t->engines, node)
		kfree(e);
	kfree(t);
	if (atomic_dec_and_test(&stp_tasks_alive))
		wake_up_all(&stp_tasks_wait);
}

/* Update t->walk.  Called by the task itself, before the first callback. */
static void stp_settle(struct stp_task *t)
{
	struct stp_engine *e, *next;

	spin_lock(&stp_tasks_lock);
	t->changed = false;
	list_for_each_entry_safe(e, next, &t->engines, node) {
		if (!e->gone && !e->walked)
			list_add_tail(&e->walk, &t->walk);
		if (e->gone && e->walked)
			list_del(&e->walk);
		e->walked = !e->gone;
		if (!e->gone)
			continue;
		if (e->users) {
			t->changed = true;
			continue;
		}
		list_del(&e->node);
		kfree(e);
	}
	spin_unlock(&stp_tasks_lock);
}

/* Request the events of all engines.  Called with stp_tasks_lock held. */
static int stp_task_ask(struct stp_task *t)
{
	unsigned long events = 0;
	struct stp_engine *e;

	list_for_each_entry(e, &t->engines, node)
		events |= e->flags;
	/* end probes are called between EXIT and DEATH; if late, in DEATH */
	if (events & UTRACE_EVENT(DEATH))
		events |= UTRACE_EVENT(EXIT);
	if (!t->late)
		events &= ~UTRACE_EVENT(DEATH);
	return utrace_set_events(t->task, t->engine,
				 events | UTRACE_EVENT(REAP));
}

/* The layer's engine was detached: drop the table's reference, once. */
static void stp_task_drop(struct stp_task *t)
{
	bool listed;

	spin_lock(&stp_tasks_lock);
	listed = t->listed;
	if (listed)
		list_del(&t->node);
	t->listed = false;
	spin_unlock(&stp_tasks_lock);
	if (listed)
		utrace_engine_put(t->engine);
}

/*
 * Detach from the task.  Returns -EALREADY if its death is being reported.
 * Then it remains in the table: the return value of report_death, or another
 * call of this function, detaches it.
 */
static int stp_task_leave(struct stp_task *t)
{
	int ret = utrace_control(t->task, t->engine, UTRACE_DETACH);

	if (ret != -EALREADY)
		stp_task_drop(t);
	return ret;
}

/*
 * Remove @e, and set t->closing if it was the last one.  Called with
 * stp_tasks_lock held.
 */
static int stp_remove(struct stp_engine *e)
{
	struct stp_task *t = e->on;
	struct stp_engine *other;

	if (e->gone)
		return -ESRCH;
	e->gone = true;
	WRITE_ONCE(e->flags, 0);
	WRITE_ONCE(t->changed, true);
	list_for_each_entry(other, &t->engines, node)
		if (!other->gone)
			return stp_task_ask(t);
	WRITE_ONCE(t->closing, true);
	return 0;
}

/* Detach @e.  Returns -EINPROGRESS if one of its callbacks may be running. */
static int stp_leave(struct stp_engine *e)
{
	struct stp_task *t = e->on;
	bool closing;
	int ret;

	spin_lock(&stp_tasks_lock);
	ret = stp_remove(e);
	closing = t->closing;
	spin_unlock(&stp_tasks_lock);
	if (ret == -ESRCH)
		return ret;
	if (closing)
		return stp_task_leave(t);
	return t->task == current ? 0 : -EINPROGRESS;
}

static void stp_engine_put(struct stp_engine *e)
{
	struct utrace_engine *engine = e->on->engine;

	spin_lock(&stp_tasks_lock);
	e->users--;
	spin_unlock(&stp_tasks_lock);
	utrace_engine_put(engine);
}

/* Get a reference to @e.  Called with stp_tasks_lock held. */
static struct stp_engine *stp_engine_get(struct stp_engine *e)
{
	e->users++;
	utrace_engine_get(e->on->engine);
	return e;
}
