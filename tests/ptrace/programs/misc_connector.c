// SPDX-License-Identifier: GPL-2.0-only
/* What the process event connector tells of attach, detach, exec and core dumps */
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "../rig.h"

static int sock;

static void listen_in(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC,
	};
	struct {
		struct nlmsghdr nl;
		char buf[sizeof(struct cn_msg) + sizeof(int)];
	} msg = { .nl = { .nlmsg_len = sizeof(msg), .nlmsg_type = NLMSG_DONE } };
	struct cn_msg *cn = (void *)msg.buf;

	cn->id.idx = CN_IDX_PROC;
	cn->id.val = CN_VAL_PROC;
	cn->len = sizeof(int);
	*(int *)cn->data = PROC_CN_MCAST_LISTEN;
	sock = socket(PF_NETLINK, SOCK_DGRAM, NETLINK_CONNECTOR);
	if (sock < 0 || bind(sock, (void *)&addr, sizeof(addr)) ||
	    send(sock, &msg, sizeof(msg), 0) != sizeof(msg))
		out("no connector: %s", strerror(errno));
}

/* Returns whether it is the end of the task called last */
static bool show(const struct proc_event *event, pid_t last)
{
	switch ((int)event->what) {
	case PROC_EVENT_PTRACE:
		out("  connector: ptrace of %s (%s) by %s (%s)",
		    who(event->event_data.ptrace.process_pid),
		    who(event->event_data.ptrace.process_tgid),
		    who(event->event_data.ptrace.tracer_pid),
		    who(event->event_data.ptrace.tracer_tgid));
		return false;
	case PROC_EVENT_EXEC:
		out("  connector: exec of %s",
		    who(event->event_data.exec.process_pid));
		return false;
	case PROC_EVENT_COREDUMP:
		out("  connector: core dump of %s, parent %s",
		    who(event->event_data.coredump.process_pid),
		    who(event->event_data.coredump.parent_pid));
		return false;
	case PROC_EVENT_EXIT:
		out("  connector: exit of %s, code %#x, signal %d",
		    who(event->event_data.exit.process_pid),
		    event->event_data.exit.exit_code,
		    event->event_data.exit.exit_signal);
		return event->event_data.exit.process_pid == last;
	}
	return false;
}

/* What has come for processes with a name, up to the end of @last */
static void show_events(pid_t last)
{
	char buf[4096] __attribute__((aligned(8)));
	bool over = false;

	while (!over) {
		struct nlmsghdr *nl = (void *)buf;
		int len = recv(sock, buf, sizeof(buf), 0);

		if (len <= 0) {
			out("  recv: %s", strerror(errno));
			return;
		}
		for (; NLMSG_OK(nl, len); nl = NLMSG_NEXT(nl, len)) {
			struct cn_msg *cn = NLMSG_DATA(nl);
			struct proc_event *event = (void *)cn->data;

			/* each kind of event begins with the task */
			if (event->what != PROC_EVENT_NONE &&
			    strcmp(who(event->event_data.id.process_pid), "?"))
				over |= show(event, last);
		}
	}
}

static void waits(void *arg)
{
	await(1 + (long)arg);
}

static void execs(void *arg)
{
	execl("/bin/true", "true", NULL);
}

static void aborts(void *arg)
{
	struct rlimit lim = { 0, 0 };

	setrlimit(RLIMIT_CORE, &lim);
	prctl(PR_SET_DUMPABLE, 1);
	abort();
}

static void attach(int request, const char *child, long step)
{
	pid_t pid = spawn(child, waits, (void *)step);

	pt(request, pid, 0, 0);
	if (request == PTRACE_SEIZE)
		pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	reach(1 + step);
	show_wait(pid, 0);
	show_events(pid);
}

/* A tracer that ends: its tracee's detach is not told */
static void brief_tracer(void *arg)
{
	pt(PTRACE_SEIZE, (long)arg, 0, 0);
}

static void tracer_ends(void)
{
	pid_t pid = spawn("left", waits, (void *)3L);
	pid_t tracer = spawn("brief", brief_tracer, (void *)(long)pid);

	show_wait(tracer, 0);
	reach(4);
	show_wait(pid, 0);
	show_events(pid);
}

static void traced(const char *child, void (*fn)(void *arg))
{
	pid_t pid = spawn_traced(child, fn, NULL);

	do {
		pt(PTRACE_CONT, pid, 0,
		   WIFSTOPPED(last_status()) &&
		   WSTOPSIG(last_status()) == SIGABRT ? SIGABRT : 0);
		show_wait(pid, 0);
	} while (WIFSTOPPED(last_status()));
	show_events(pid);
}

int main(void)
{
	name(getpid(), "tracer");
	listen_in();
	attach(PTRACE_ATTACH, "attached", 1);
	attach(PTRACE_SEIZE, "seized", 2);
	tracer_ends();
	traced("exec", execs);
	traced("abort", aborts);
	return 0;
}
