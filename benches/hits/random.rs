//! Reproducible random numbers, and the distributions that the workloads draw from.

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    /// From 0 up to 1.
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below n, all with the same probability.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    /// Lognormal with this median; sigma is the standard deviation of the logarithm.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        let (u, v) = (1.0 - self.next(), self.next());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        median * (sigma * normal).exp()
    }

    /// Exponential with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.next()).ln()
    }
}

/// Ranks from 0, the rank r with a probability in proportion to 1 / (r + 1)^skew.
pub struct Zipf(Vec<f64>);

impl Zipf {
    pub fn new(ranks: usize, skew: f64) -> Zipf {
        let mut sums: Vec<f64> = Vec::with_capacity(ranks);
        for rank in 1..=ranks {
            let sum = sums.last().copied().unwrap_or(0.0);
            sums.push(sum + (rank as f64).powf(-skew));
        }
        let total = sums[ranks - 1];
        sums.iter_mut().for_each(|sum| *sum /= total);
        Zipf(sums)
    }

    pub fn draw(&self, random: &mut Random) -> usize {
        let at = random.next();
        self.0.partition_point(|&sum| sum < at)
    }
}
