/* Another file, in which S104_error_module_name.c fails. */
static void foo(void) { cede_print(cede_floordiv(1, 0)); }
