# Makes decoding.txt from the disassembler of the Swift toolchain: bits, operation, rd, rs1, rs2, immediate, length, or none.
import random, re, subprocess, struct, sys
import shutil, pathlib
TC = str(pathlib.Path(shutil.which('swiftc')).resolve().parent) + '/'
REG={f'x{i}':i for i in range(32)}
def dis(blob):
    open('dec.bin','wb').write(blob)
    subprocess.run([TC+'llvm-objcopy','-I','binary','-O','elf64-littleriscv','--rename-section','.data=.text,code','dec.bin','dec.o'],check=True)
    out=subprocess.run([TC+'llvm-objdump','-d','--no-print-imm-hex','-M','numeric,no-aliases','--mattr=+m,+c,+zbb,+zicond','dec.o'],capture_output=True,text=True).stdout
    rows=[]
    for line in out.splitlines():
        m=re.match(r'\s*([0-9a-f]+):\s+([0-9a-f ]+?)\s*\t(.*)',line)
        if m: rows.append((int(m[1],16),m[2].strip(),m[3].strip()))
    return rows
ALU='add sub sll slt sltu xor srl sra or and addw subw sllw srlw sraw mul mulh mulhsu mulhu div divu rem remu mulw divw divuw remw remuw andn orn xnor max maxu min minu rol ror rolw rorw czero.eqz czero.nez'.split()
IMM='addi slti sltiu xori ori andi slli srli srai addiw slliw srliw sraiw rori roriw'.split()
UN='clz ctz cpop clzw ctzw cpopw sext.b sext.h zext.h rev8'.split()
LD='lb lh lw ld lbu lhu lwu'.split(); ST='sb sh sw sd'.split(); BR='beq bne blt bge bltu bgeu'.split()
def parse(addr,text):
    text=text.split('<')[0].strip()
    p=text.replace('\t',' ').split(None,1); op=p[0]; a=[x.strip() for x in p[1].split(',')] if len(p)>1 else []
    c=op.startswith('c.'); L=2 if c else 4
    r=lambda t:REG[t]
    def to(t):
        v=int(t,16)-addr
        return v-(1<<64) if v>=1<<63 else v
    def mem(t):
        m=re.match(r'(-?\d+)\((x\d+)\)',t); return int(m[1]),r(m[2])
    if c:
        n=op[2:]
        if n in('unimp',): return ('unimp',0,0,0,0,2)
        if n=='nop': return ('addi',0,0,0,int(a[0]) if a else 0,2)
        if n in('addi','addiw'): return (n,r(a[0]),r(a[0]),0,int(a[1]),2)
        if n=='addi16sp': return ('addi',2,2,0,int(a[1]),2)
        if n=='addi4spn': return ('addi',r(a[0]),2,0,int(a[2]),2)
        if n=='li': return ('addi',r(a[0]),0,0,int(a[1]),2)
        if n=='lui':
            v=int(a[1]); v = v-(1<<20) if v>=1<<19 else v; return ('lui',r(a[0]),0,0,v<<12,2)
        if n in('srli','srai','andi','slli','slli64','srli64','srai64'):
            return (n.replace('64',''),r(a[0]),r(a[0]),0,int(a[1]) if len(a)>1 else 0,2)
        if n in('sub','xor','or','and','subw','addw'): return (n,r(a[0]),r(a[0]),r(a[1]),0,2)
        if n=='mv': return ('add',r(a[0]),0,r(a[1]),0,2)
        if n=='add': return ('add',r(a[0]),r(a[0]),r(a[1]),0,2)
        if n=='j': return ('jal',0,0,0,to(a[0]),2)
        if n=='jr': return ('jalr',0,r(a[0]),0,0,2)
        if n=='jalr': return ('jalr',1,r(a[0]),0,0,2)
        if n=='ebreak': return ('ebreak',0,0,0,0,2)
        if n in('beqz','bnez'): return (n[:3],0,r(a[0]),0,to(a[1]),2)
        if n in('lw','ld','lwsp','ldsp'): o,b=mem(a[1]); return (n[:2],r(a[0]),b,0,o,2)
        if n in('sw','sd','swsp','sdsp'): o,b=mem(a[1]); return (n[:2],0,b,r(a[0]),o,2)
        return None
    if op in('lui','auipc'):
        v=int(a[1]); v = v-(1<<20) if v>=1<<19 else v; return (op,r(a[0]),0,0,v<<12,4)
    if op=='jal': return (op,r(a[0]),0,0,to(a[1]),4)
    if op=='jalr': o,b=mem(a[1]); return (op,r(a[0]),b,0,o,4)
    if op in BR: return (op,0,r(a[0]),r(a[1]),to(a[2]),4)
    if op in LD: o,b=mem(a[1]); return (op,r(a[0]),b,0,o,4)
    if op in ST: o,b=mem(a[1]); return (op,0,b,r(a[0]),o,4)
    if op in IMM: return (op,r(a[0]),r(a[1]),0,int(a[2]),4)
    if op in UN: return (op,r(a[0]),r(a[1]),0,0,4)
    if op in ALU: return (op,r(a[0]),r(a[1]),r(a[2]),0,4)
    if op in('fence','fence.i','fence.tso','pause'): return ('fence',0,0,0,0,4)
    if op in('ecall','ebreak'): return (op,0,0,0,0,4)
    if op=='unimp': return (op,0,0,0,0,4)
    return None
def word(h,n): # objdump prints 32-bit as one number or bytes
    return h.replace(' ','')
rows=[]
halves=[h for h in range(65536) if h&3!=3]
# each half-word in a slot of its own, followed by c.nop
blob=b''.join(struct.pack('<HH',h,0x0001) for h in halves)
found={a:(h,t) for a,h,t in dis(blob)}
for i,h in enumerate(halves):
    t=found.get(4*i)
    p=parse(4*i,t[1]) if t and '<unknown>' not in t[1] else None
    rows.append((f'{h:04x}',p))
random.seed(7)
words=set()
ops=[0x37,0x17,0x6f,0x67,0x63,0x03,0x23,0x13,0x1b,0x33,0x3b,0x0f,0x73]
while len(words)<60000:
    w=random.getrandbits(32)&~0x7f|random.choice(ops)
    op=w&0x7f
    if op in(0x33,0x3b): w=w&~(0x7f<<25)|random.choice([0,0x20,1,5,0x30,7,4,random.getrandbits(7)])<<25
    if op in(0x13,0x1b) and (w>>12&7) in(1,5): w=w&~(0x7f<<25)|random.choice([0,1,0x20,0x21,0x30,0x31,0x35,random.getrandbits(7)])<<25
    words.add(w)
for _ in range(400):
    r=random.getrandbits(5)<<7|random.getrandbits(5)<<15
    o,i=random.choice([(0x1013,0x600),(0x1013,0x601),(0x1013,0x602),(0x1013,0x604),(0x1013,0x605),(0x5013,0x6b8),(0x101b,0x600),(0x101b,0x601),(0x101b,0x602),(0x403b,0x080)])
    words.add(i<<20|r|o); words.add(0x0f|random.getrandbits(8)<<20)
words.add(0x8330000f)
words|={0x73,0x100073,0xc0001073,0x6b855513|0}
words=sorted(words)
blob=b''.join(struct.pack('<I',w) for w in words)
found={a:(h,t) for a,h,t in dis(blob)}
for i,w in enumerate(words):
    t=found.get(4*i)
    p=parse(4*i,t[1]) if t and '<unknown>' not in t[1] else None
    rows.append((f'{w:08x}',p))
with open('all.txt','w') as f:
    for h,p in rows: f.write(h+' '+(' '.join(map(str,p)) if p else 'none')+'\n')
# sample
random.seed(9)
by={}
for h,p in rows: by.setdefault((len(h),p[0] if p else 'none',),[]).append((h,p))
with open('decoding.txt','w') as f:
    for k in sorted(by,key=str):
        for h,p in sorted(random.sample(by[k],min(len(by[k]),12 if k[1]!='none' else 60))): f.write(h+' '+(' '.join(map(str,p)) if p else 'none')+'\n')
print({k:len(v) for k,v in by.items()})
