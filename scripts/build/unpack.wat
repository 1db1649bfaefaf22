;; Unpacks the engine's WebAssembly: the reading half of pack-wasm.mjs, which says what the format is.
;;
;; Memory: at 0 the chances, four bytes for each context: the chance of a one in 16 bits, with the upper one flipped,
;; so that zeroed memory is an even chance, and how often it was learned, in 16. At 0x10000 what is unpacked, at
;; 0x30000 the text.
(module
  (memory (export "memory") 5)
  (global $range (mut i32) (i32.const 1))
  (global $code (mut i32) (i32.const 0))
  (global $next (mut i32) (i32.const 0x30000))

  ;; Reads digits until the range is wide enough again.
  (func $fill
    (local $digit i32)
    (loop $more
      (if (i32.lt_u (global.get $range) (i32.const 0x4000000))
        (then
          (global.set $range (i32.shl (global.get $range) (i32.const 6)))
          (local.set $digit (i32.load8_u (global.get $next)))
          (global.set $next (i32.add (global.get $next) (i32.const 1)))
          ;; The digits are the characters from # on, without the backslash.
          (global.set $code
            (i32.add
              (i32.shl (global.get $code) (i32.const 6))
              (i32.sub
                (i32.sub (local.get $digit) (i32.const 35))
                (i32.gt_u (local.get $digit) (i32.const 91)))))
          (br $more)))))

  ;; One decision in a context. There is no loop and no branch to speak of: what compiles this first takes all locals
  ;; to memory at a loop, and which way a decision goes the processor cannot guess either.
  (func $bit (param $context i32) (result i32)
    (local $word i32)
    (local $bound i32)
    (local $one i32)
    (local $flip i32)
    (local $chance i32)
    (if (i32.lt_u (global.get $range) (i32.const 0x4000000)) (then (call $fill)))
    (local.set $word
      (i32.load (local.tee $context (i32.shl (local.get $context) (i32.const 2)))))
    (local.set $bound
      (i32.mul
        (i32.shr_u (global.get $range) (i32.const 12))
        (i32.shr_u
          (local.tee $chance
            (i32.xor (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 0x8000)))
          (i32.const 4))))
    (local.set $one (i32.lt_u (global.get $code) (local.get $bound)))
    (global.set $range
      (select
        (local.get $bound)
        (i32.sub (global.get $range) (local.get $bound))
        (local.get $one)))
    (global.set $code
      (i32.sub
        (global.get $code)
        (select (i32.const 0) (local.get $bound) (local.get $one))))
    ;; The chance of a zero, if that is what came, or what a one lacks: it becomes less either way.
    (local.set $chance
      (i32.xor
        (local.get $chance)
        (local.tee $flip (select (i32.const 0xffff) (i32.const 0) (local.get $one)))))
    (i32.store (local.get $context)
      (i32.or
        (i32.shl
          (i32.xor
            (i32.xor (local.get $flip) (i32.const 0x8000))
            (i32.sub
              (local.get $chance)
              ;; By as many places as the count plus 1 has digits: only the lower five bits of this number count.
              (i32.shr_u
                (local.get $chance)
                (i32.sub
                  (i32.const 0)
                  (i32.clz
                    (i32.add
                      (local.tee $word (i32.and (local.get $word) (i32.const 0xffff)))
                      (i32.const 1)))))))
          (i32.const 16))
        (i32.add (local.get $word) (i32.lt_u (local.get $word) (i32.const 30)))))
    (local.get $one))

  ;; A number from 1 on: how many bits it has, by halves; two of the bits, each in a context; the rest at once.
  (func $number (param $model i32) (result i32)
    (local $bits i32)
    (local $value i32)
    (local.set $bits (i32.const 1))
    (loop $halve
      (br_if $halve
        (i32.lt_u
          (local.tee $bits
            (i32.add
              (i32.shl (local.get $bits) (i32.const 1))
              (call $bit (i32.add (local.get $model) (local.get $bits)))))
          (i32.const 16))))
    (local.set $model
      (i32.add
        (local.get $model)
        (i32.shl
          (i32.add (local.tee $bits (i32.sub (local.get $bits) (i32.const 16))) (i32.const 1))
          (i32.const 5))))
    (local.set $value (i32.const 1))
    (loop $lower
      (if (local.get $bits)
        (then
          (if (i32.lt_u (local.get $value) (i32.const 4))
            (then
              (local.set $bits (i32.sub (local.get $bits) (i32.const 1)))
              (local.set $value
                (i32.add
                  (i32.shl (local.get $value) (i32.const 1))
                  (call $bit (i32.add (local.get $model) (local.get $value)))))
              (br $lower)))
          (call $fill)
          (global.set $range (i32.shr_u (global.get $range) (local.get $bits)))
          (local.set $value
            (i32.add
              (i32.shl (local.get $value) (local.get $bits))
              (local.tee $model (i32.div_u (global.get $code) (global.get $range)))))
          (global.set $code
            (i32.sub (global.get $code) (i32.mul (local.get $model) (global.get $range)))))))
    (local.get $value))

  (func (export "unpack") (param $size i32)
    (local $at i32)
    (local $kinds i32)
    (local $kind i32)
    (local $last i32)
    (local $second i32)
    (local $third i32)
    (local $fourth i32)
    (local $back i32)
    (local $length i32)
    (local $node i32)
    (local $likely i32)
    (local $guess i32)
    (local $same i32)
    (local.set $at (i32.const 0x10000))
    (loop $token
      (local.set $node (i32.load8_u (i32.sub (local.get $at) (i32.const 1))))
      (if
        (call $bit
          (i32.add (i32.shl (local.get $kinds) (i32.const 4)) (i32.shr_u (local.get $node) (i32.const 4))))
        (then
          (if (call $bit (i32.add (local.get $kinds) (i32.const 0x100)))
            (then
              (if (local.tee $guess (call $bit (i32.add (local.get $kinds) (i32.const 0x110))))
                (then
                  (local.set $back (local.get $second))
                  (if (call $bit (i32.add (local.get $kinds) (i32.const 0x120)))
                    (then
                      (local.set $back (local.get $third))
                      (if (call $bit (i32.add (local.get $kinds) (i32.const 0x130)))
                        (then
                          (local.set $back (local.get $fourth))
                          (local.set $fourth (local.get $third))))
                      (local.set $third (local.get $second))))
                  (local.set $second (local.get $last))
                  (local.set $last (local.get $back))))
              (local.set $length
                (call $number (i32.add (i32.const 0x200) (i32.shl (local.get $guess) (i32.const 10)))))
              (local.set $kind (i32.sub (i32.const 3) (i32.eq (local.get $length) (i32.const 1)))))
            (else
              (local.set $length (i32.add (call $number (i32.const 0xa00)) (i32.const 1)))
              (local.set $fourth (local.get $third))
              (local.set $third (local.get $second))
              (local.set $second (local.get $last))
              (local.set $last
                (call $number
                  (i32.add
                    (i32.const 0xe00)
                    (i32.shl (i32.gt_u (local.get $length) (i32.const 2)) (i32.const 10)))))
              (local.set $kind (i32.const 1))))
          (loop $copy
            (i32.store8 (local.get $at) (i32.load8_u (i32.sub (local.get $at) (local.get $last))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $copy (local.tee $length (i32.sub (local.get $length) (i32.const 1))))))
        (else
          (local.set $back
            (i32.add
              (i32.const 0x1600)
              (i32.mul (i32.shr_u (local.get $node) (i32.const 5)) (i32.const 0x300))))
          (local.set $likely (i32.load8_u (i32.sub (local.get $at) (local.get $last))))
          ;; 0x100 after a match, as long as the byte that would have continued it is right.
          (local.set $same (i32.shl (i32.ne (i32.and (local.get $kinds) (i32.const 3)) (i32.const 0)) (i32.const 8)))
          (local.set $node (i32.const 1))
          (loop $deeper
            (local.set $likely (i32.shl (local.get $likely) (i32.const 1)))
            (local.set $guess (i32.and (i32.shr_u (local.get $likely) (i32.const 8)) (i32.const 1)))
            (local.set $length
              (call $bit
                (i32.add
                  (i32.add (local.get $back) (local.get $node))
                  (i32.shl (local.get $same) (local.get $guess)))))
            (local.set $same
              (i32.mul (local.get $same) (i32.eq (local.get $length) (local.get $guess))))
            (local.set $node (i32.add (i32.shl (local.get $node) (i32.const 1)) (local.get $length)))
            (br_if $deeper (i32.lt_u (local.get $node) (i32.const 0x100))))
          (i32.store8 (local.get $at) (local.get $node))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $kind (i32.const 0))))
      (local.set $kinds
        (i32.and (i32.or (i32.shl (local.get $kinds) (i32.const 2)) (local.get $kind)) (i32.const 15)))
      (br_if $token (i32.lt_u (i32.sub (local.get $at) (i32.const 0x10000)) (local.get $size))))))
