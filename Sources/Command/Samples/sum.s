.heap 1
.stack 4096
    load_imm r2, 0x20000
    fallthrough
word:
    ecalli 0
    load_ind_u64 r4, r2, 0
    add_64 r7, r4, r7
    store_ind_u64 r7, r2, 0
    ecalli 1
    jump word
