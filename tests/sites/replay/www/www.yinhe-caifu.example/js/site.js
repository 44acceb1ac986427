addEventListener('DOMContentLoaded', () => {
    document.getElementById('written').textContent = '本期剩余额度：三十万元';
});
