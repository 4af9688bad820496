/* Another file, in which S103_extract_tb_origin_file.c fails. */
static void print_hello(void) {
    cede_raise(cede_NameError, "name '%s' is not defined", "msg");
}
