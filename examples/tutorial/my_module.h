/* Another file, in which S104_error_module_name.c fails. */
static void foo(void)
{
    cede_raise(cede_ZeroDivisionError, "integer division or modulo by zero");
}
