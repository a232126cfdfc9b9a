// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TCG plugin of QEMU.  It counts the executions of each translated block, and
 * at the end writes lines of "<address> <instructions> <executions>" to the
 * file of its argument out=FILE.  Debian does not ship qemu-plugin.h, so what is
 * used of it is declared here.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_info_t;

enum { INLINE_ADD_U64 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
					   void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op,
					      void *ptr, uint64_t add);
void qemu_plugin_register_atexit_cb(plugin_id id,
				    void (*cb)(plugin_id id, void *data), void *data);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info_t *info,
			       int argc, char **argv);

struct block {
	struct block *next;
	uint64_t address, length;
	uint64_t executions;	/* QEMU adds to it */
};

static struct block *blocks[1 << 16];
static const char *path;

/* A block may be translated again: continue its count. */
static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	uint64_t length = qemu_plugin_tb_n_insns(tb);
	struct block **head, *b;

	head = &blocks[(address ^ address >> 16 ^ length) & 0xffff];
	for (b = *head; b; b = b->next)
		if (b->address == address && b->length == length)
			break;
	if (!b) {
		b = calloc(1, sizeof(*b));
		if (!b)
			abort();
		b->next = *head;
		b->address = address;
		b->length = length;
		*head = b;
	}
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64,
						 &b->executions, 1);
}

static void finished(plugin_id id, void *data)
{
	FILE *out = fopen(path, "w");
	struct block *b;
	size_t i;

	if (!out) {
		perror(path);
		return;
	}
	for (i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		for (b = blocks[i]; b; b = b->next)
			fprintf(out, "%016lx %lu %lu\n", b->address, b->length,
				b->executions);
	fclose(out);
}

int qemu_plugin_install(plugin_id id, const struct qemu_info_t *info, int argc,
			char **argv)
{
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return 1;
	path = strdup(argv[0] + 4);
	if (!path)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finished, NULL);
	return 0;
}
