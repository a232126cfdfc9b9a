/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Execute a known number of instructions: 1 + 2 * 500, then 2 and a system
 * call, then 2 and the system call that exits and does not return.
 */
	.globl _start
_start:
	mov	$500, %ecx
1:	dec	%ecx
	jnz	1b
	mov	$110, %eax
	xor	%edi, %edi
	syscall
	mov	$60, %eax
	xor	%edi, %edi
	syscall
	.section .note.GNU-stack, "", @progbits
