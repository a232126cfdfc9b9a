// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that the runtime calls.
 */

/* In the task finder, which is included later */
static u32 __stp_utrace_task_finder_report_clone(u32 action,
						 struct stp_engine *engine,
						 unsigned long clone_flags,
						 struct task_struct *child);

/*
 * If the task is dying, or was detached at the end of the session, return 0: an
 * error would make the runtime end the session.
 */
static int stp_unless_over(int ret)
{
	return ret == -ESRCH || ret == -EALREADY ? 0 : ret;
}

static int stp_set_events(struct task_struct *task, struct stp_engine *e,
			  unsigned long events)
{
	unsigned long old;
	int ret = -ESRCH;

	spin_lock(&stp_tasks_lock);
	if (!e->gone && !e->on->closing) {
		old = e->flags;
		WRITE_ONCE(e->flags, events);
		ret = stp_task_ask(e->on);
		if (ret && ret != -EINPROGRESS)
			WRITE_ONCE(e->flags, old);
	}
	spin_unlock(&stp_tasks_lock);
	return stp_unless_over(ret);
}

static int stp_barrier(struct task_struct *task, struct stp_engine *e)
{
	return utrace_barrier(task, e->on->engine);
}

static int stp_control(struct task_struct *task, struct stp_engine *e,
		       enum utrace_resume_action action)
{
	if (action == UTRACE_DETACH)
		return stp_leave(e);
	return stp_unless_over(utrace_control(task, e->on->engine, action));
}

/*
 * The attach to @task failed with -ERESTARTNOINTR: report_clone for it has not
 * returned yet.  The task finder searches the tasks under rcu_read_lock(), so
 * it must not wait.  Call its report_clone for @task, as if the clone had been
 * reported to it: @task then calls the task finder before it first runs.
 */
static struct task_struct *stp_deferred;

static void stp_defer(struct task_struct *task,
		      const struct stp_engine_ops *ops, void *data)
{
	struct stp_engine finder = { .ops = ops };

	/* once for a task: for the task finder, which precedes its targets */
	if (data)
		return;
	stp_deferred = task;
	__stp_utrace_task_finder_report_clone(UTRACE_RESUME, &finder, 0, task);
}

/* Add @task to the session, with engine @e and a reference for the caller. */
static int stp_task_attach(struct task_struct *task, struct stp_engine *e)
{
	bool signals = e->ops->report_signal;
	struct stp_task *t = stp_task_alloc(task, signals);
	struct utrace_engine *engine;
	int ret;

	if (!t) {
		kfree(e);
		return -ENOMEM;
	}
	e->users = 1;
	stp_put_on(t, e);
	engine = utrace_attach_task(task, UTRACE_ATTACH_CREATE |
				    UTRACE_ATTACH_ATOMIC, signals ?
				    &stp_layer_signal_ops : &stp_layer_ops, t);
	if (IS_ERR(engine)) {
		stp_task_release(t);
		return PTR_ERR(engine);
	}
	t->engine = engine;
	ret = stp_table_add(t);
	if (!ret && utrace_set_events(task, engine, UTRACE_EVENT(REAP)))
		ret = -ESRCH;
	if (ret) {
		stp_task_leave(t);
		stp_engine_put(e);
	}
	return ret;
}

static struct stp_engine *stp_attach_once(struct task_struct *task,
					  const struct stp_engine_ops *ops,
					  void *data)
{
	struct stp_engine *e = kzalloc(sizeof(*e), GFP_ATOMIC);
	int ret;

	if (!e)
		return ERR_PTR(-ENOMEM);
	e->ops = ops;
	e->data = data;
	ret = stp_table_put_on(task, e);
	if (ret == -ENOENT)
		ret = stp_task_attach(task, e);
	else if (ret)
		kfree(e);
	return ret ? ERR_PTR(ret) : e;
}

static struct stp_engine *stp_attach_new(struct task_struct *task,
					 const struct stp_engine_ops *ops,
					 void *data)
{
	struct stp_engine *e;

	do {
		e = stp_attach_once(task, ops, data);
	} while (e == ERR_PTR(-EAGAIN));
	return e;
}

static struct stp_engine *stp_attach_task(struct task_struct *task, int flags,
					  const struct stp_engine_ops *ops,
					  void *data)
{
	struct stp_engine *e;

	if (!(flags & UTRACE_ATTACH_CREATE))
		return stp_table_find(task, flags, ops, data) ?:
			ERR_PTR(-ENOENT);
	if (task != current && task == stp_deferred)
		return ERR_PTR(-ESRCH);
	e = stp_attach_new(task, ops, data);
	if (e == ERR_PTR(-ERESTARTNOINTR))
		stp_defer(task, ops, data);
	/* the session must not end because of a task without an engine */
	if (e == ERR_PTR(-ERESTARTNOINTR) || e == ERR_PTR(-EPERM))
		return ERR_PTR(-ESRCH);
	return e;
}
