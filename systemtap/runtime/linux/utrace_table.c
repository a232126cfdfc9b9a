// SPDX-License-Identifier: GPL-2.0-only
/*
 * All engines of this session, by process.
 *
 * An engine is in the table, with a count of the layer's engine, from attach
 * until it was detached or its task reaped.  It ends with the last count, in
 * release.
 */
#define STP_ENGINE_BITS	8

static struct list_head stp_engines[1 << STP_ENGINE_BITS];
static DEFINE_SPINLOCK(stp_engines_lock);
static bool stp_engines_closed;

/* How many were not released yet, and who waits for that */
static atomic_t stp_engines_alive = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(stp_engines_wait);

static struct list_head *stp_bucket(struct signal_struct *signal)
{
	return &stp_engines[hash_ptr(signal, STP_ENGINE_BITS)];
}

static void stp_table_open(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(stp_engines); i++)
		INIT_LIST_HEAD(&stp_engines[i]);
	stp_engines_closed = false;
}

static struct stp_engine *stp_engine_alloc(struct task_struct *task,
					   const struct stp_engine_ops *ops,
					   void *data)
{
	struct stp_engine *e = kzalloc(sizeof(*e), GFP_ATOMIC);

	if (!e)
		return NULL;
	e->ops = ops;
	e->data = data;
	e->task = task;
	e->signal = task->signal;
	INIT_LIST_HEAD(&e->exit_node);
	atomic_inc(&stp_engines_alive);
	return e;
}

/*
 * The layer calls this under rcu_read_lock(), so once it was called for all
 * engines and a grace period is over, this module may go.
 */
static void stp_engine_release(void *data)
{
	kfree(data);
	if (atomic_dec_and_test(&stp_engines_alive))
		wake_up_all(&stp_engines_wait);
}

/* Returns false if the session is ending and wants no more engines. */
static bool stp_table_add(struct stp_engine *e)
{
	bool open;

	utrace_engine_get(e->engine);
	spin_lock(&stp_engines_lock);
	open = !stp_engines_closed;
	list_add_tail(&e->node, stp_bucket(e->signal));
	e->listed = true;
	spin_unlock(&stp_engines_lock);
	return open;
}

/* The layer's engine was detached: drop the table's count of it, once. */
static void stp_table_drop(struct stp_engine *e)
{
	bool listed;

	spin_lock(&stp_engines_lock);
	listed = e->listed;
	if (listed)
		list_del(&e->node);
	e->listed = false;
	spin_unlock(&stp_engines_lock);
	if (listed)
		utrace_engine_put(e->engine);
}

/*
 * Detach @e.  -EALREADY: its task's death is being reported, and it is left in
 * the table: the answer to that report detaches it, or another try does.
 */
static int stp_leave(struct stp_engine *e)
{
	int ret = utrace_control(e->task, e->engine, UTRACE_DETACH);

	if (ret != -EALREADY)
		stp_table_drop(e);
	return ret;
}

/* Returns a counted engine of @task, or NULL. */
static struct stp_engine *stp_table_find(struct task_struct *task, int flags,
					 const struct stp_engine_ops *ops,
					 void *data)
{
	struct stp_engine *e, *found = NULL;

	spin_lock(&stp_engines_lock);
	list_for_each_entry(e, stp_bucket(task->signal), node) {
		if (e->task != task)
			continue;
		if ((flags & UTRACE_ATTACH_MATCH_OPS) && e->ops != ops)
			continue;
		if ((flags & UTRACE_ATTACH_MATCH_DATA) && e->data != data)
			continue;
		utrace_engine_get(e->engine);
		found = e;
		break;
	}
	spin_unlock(&stp_engines_lock);
	return found;
}

/* No more are wanted.  Returns a counted one that is left, or NULL. */
static struct stp_engine *stp_table_close(void)
{
	struct stp_engine *e = NULL;
	int i;

	spin_lock(&stp_engines_lock);
	stp_engines_closed = true;
	for (i = 0; i < ARRAY_SIZE(stp_engines) && !e; i++)
		e = list_first_entry_or_null(&stp_engines[i],
					     struct stp_engine, node);
	if (e)
		utrace_engine_get(e->engine);
	spin_unlock(&stp_engines_lock);
	return e;
}
