// SPDX-License-Identifier: GPL-2.0-only
/* What audit writes down of system calls that a tracer changed, or skipped */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "step.h"

#define PIECES	24

static int sock;

static int answer(void)
{
	char buf[9000] __attribute__((aligned(8)));
	struct nlmsghdr *nl = (void *)buf;

	for (;;) {
		if (recv(sock, buf, sizeof(buf), 0) < 0)
			return -errno;
		if (nl->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)NLMSG_DATA(nl))->error;
	}
}

static int tell(int type, const void *data, size_t len)
{
	struct {
		struct nlmsghdr nl;
		char data[2048];
	} msg = { .nl = {
		.nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
	} };

	memcpy(msg.data, data, len);
	if (send(sock, &msg, msg.nl.nlmsg_len, 0) < 0)
		return -errno;
	return answer();
}

/* Records come to us: each system call of @pid */
static void audit(pid_t pid, bool on)
{
	struct audit_status status = {
		.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_PID,
		.enabled = on, .pid = on ? getpid() : 0,
	};
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS,
		.field_count = 1, .fields = { AUDIT_PID },
		.values = { pid }, .fieldflags = { AUDIT_EQUAL },
	};

	memset(rule.mask, 0xff, sizeof(rule.mask));
	if (!pid)
		out("audit %s: %d", on ? "on" : "off",
		    tell(AUDIT_SET, &status, sizeof(status)));
	else
		out("rule %s: %d", on ? "in" : "out",
		    tell(on ? AUDIT_ADD_RULE : AUDIT_DEL_RULE, &rule,
			 sizeof(rule)));
}

/* Tasks to come are as those of a kernel that never audited; or not */
static int never(int type)
{
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_TASK, .action = AUDIT_NEVER,
	};

	return tell(type, &rule, sizeof(rule));
}

static const char *field(const char *record, const char *what)
{
	static char buf[4][32];
	static int turn;
	const char *at = strstr(record, what);

	if (!at)
		return " none";
	turn = (turn + 1) % 4;
	snprintf(buf[turn], sizeof(buf[turn]), "%.*s",
		 1 + (int)strcspn(at + 1, " "), at);
	return buf[turn];
}

/* System calls that were written down, up to that which ends the process */
static void show_records(void)
{
	char buf[9000] __attribute__((aligned(8)));
	struct nlmsghdr *nl = (void *)buf;
	const char *nr = "";
	char last[32];
	int len;

	snprintf(last, sizeof(last), " syscall=%d", SYS_exit_group);
	while (strcmp(nr, last)) {
		len = recv(sock, buf, sizeof(buf) - 1, 0);
		if (len < 0)
			return;
		buf[len] = 0;
		if (nl->nlmsg_type != AUDIT_SYSCALL)
			continue;
		nr = field(NLMSG_DATA(nl), " syscall=");
		out("  audit:%s%s%s%s", nr,
		    field(NLMSG_DATA(nl), " success="),
		    field(NLMSG_DATA(nl), " exit="),
		    field(NLMSG_DATA(nl), " a0="));
	}
}

static long raw(long nr, long a)
{
	long ret;

#ifdef __x86_64__
	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a)
		     : "rcx", "r11", "memory");
#else
	asm volatile("int $0x80" : "=a"(ret) : "a"(nr), "b"(a) : "memory");
#endif
	return ret;
}

static void child(void *arg)
{
	int n;

	for (n = 0; n < 6; n++)
		raw(SYS_umask, 022);
}

static void set(pid_t pid, long orig, long ax)
{
	struct user_regs_struct regs = regs_of(pid);

	if (orig)
		regs.ORIG = orig;
	if (ax)
		regs.R(ax) = ax;
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
}

/* One call: what the tracer makes of it at its entry, and at its exit */
static void call(pid_t pid, const char *what, int request, long orig, long ax)
{
	out("%s:", what);
	quiet_pt(request, pid, 0, 0);
	show_wait(pid, 0);
	set(pid, orig, 0);
	/* an emulated one has no exit */
	if (request != PTRACE_SYSEMU) {
		quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
		show_wait(pid, 0);
		set(pid, 0, ax);
	}
}

int main(void)
{
	pid_t pid;

	sock = socket(PF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
	audit(0, true);
	/* of a run before */
	never(AUDIT_DEL_RULE);
	pid = spawn_traced("tracee", child, NULL);
	audit(pid, true);
	call(pid, "nothing changed", PTRACE_SYSCALL, 0, 0);
	call(pid, "another call", PTRACE_SYSCALL, SYS_getuid, 0);
	call(pid, "skipped", PTRACE_SYSCALL, -1, 0);
	call(pid, "another result", PTRACE_SYSCALL, 0, 4711);
	call(pid, "emulated", PTRACE_SYSEMU, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_records();
	audit(pid, false);
	out("rule for all: %d", never(AUDIT_ADD_RULE));
	audit(0, false);
	return 0;
}
