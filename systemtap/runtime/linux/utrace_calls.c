// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the runtime calls.
 */

/* The task finder's, defined further down */
static u32 __stp_utrace_task_finder_report_clone(u32 action,
						 struct stp_engine *engine,
						 unsigned long clone_flags,
						 struct task_struct *child);

/* The layer's mask for what the runtime asked for */
static unsigned long stp_layer_events(unsigned long events)
{
	if (events & UTRACE_EVENT(DEATH))
		events |= UTRACE_EVENT(EXIT);
	events &= ~UTRACE_EVENT(DEATH);
	return events | UTRACE_EVENT(REAP);
}

static int stp_set_events(struct task_struct *task, struct stp_engine *e,
			  unsigned long events)
{
	int ret = utrace_set_events(task, e->engine, stp_layer_events(events));

	if (!ret || ret == -EINPROGRESS)
		e->flags = events;
	return ret;
}

static int stp_barrier(struct task_struct *task, struct stp_engine *e)
{
	return utrace_barrier(task, e->engine);
}

static int stp_control(struct task_struct *task, struct stp_engine *e,
		       enum utrace_resume_action action)
{
	if (action == UTRACE_DETACH)
		return stp_leave(e);
	return utrace_control(task, e->engine, action);
}

/*
 * @task is just being cloned by one whose clone other engines look at, and
 * may not be waited for: the task finder looks at the tasks there are under
 * rcu_read_lock().  Treat it as one whose clone was reported to us: it comes to
 * the task finder before it first runs.
 */
static struct task_struct *stp_deferred;

static void stp_defer(struct task_struct *task,
		      const struct stp_engine_ops *ops, void *data)
{
	struct stp_engine finder = { .ops = ops };

	/* once a task: the finder itself, which comes before its targets */
	if (data)
		return;
	stp_deferred = task;
	__stp_utrace_task_finder_report_clone(UTRACE_RESUME, &finder, 0, task);
}

static struct utrace_engine *stp_layer_attach(struct task_struct *task,
					      struct stp_engine *e)
{
	const struct utrace_engine_ops *ops = e->ops->report_signal ?
		&stp_layer_signal_ops : &stp_layer_ops;

	return utrace_attach_task(task, UTRACE_ATTACH_CREATE |
				  UTRACE_ATTACH_ATOMIC, ops, e);
}

/* With a count for the caller; the table takes one of its own. */
static struct stp_engine *stp_attach_new(struct task_struct *task,
					 const struct stp_engine_ops *ops,
					 void *data)
{
	struct stp_engine *e = stp_engine_alloc(task, ops, data);
	struct utrace_engine *engine;

	if (!e)
		return ERR_PTR(-ENOMEM);
	engine = stp_layer_attach(task, e);
	if (IS_ERR(engine)) {
		stp_engine_release(e);
		return ERR_CAST(engine);
	}
	e->engine = engine;
	if (stp_table_add(e) &&
	    !utrace_set_events(task, engine, UTRACE_EVENT(REAP)))
		return e;
	/* the session ends, or the task has */
	stp_leave(e);
	utrace_engine_put(engine);
	return ERR_PTR(-ESRCH);
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
	/* what cannot be attached to is no reason to end the session */
	if (e == ERR_PTR(-ERESTARTNOINTR) || e == ERR_PTR(-EPERM))
		return ERR_PTR(-ESRCH);
	return e;
}
