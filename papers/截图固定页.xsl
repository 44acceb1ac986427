<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">截图固定页</xsl:variable>

<!-- 截图宽 165 毫米；一张纸放得下 190 毫米高。 -->
<xsl:variable name="wide" select="165"/>
<xsl:variable name="high" select="190"/>

<xsl:template match="case">
  <h1>截图固定页</h1>
  <xsl:call-template name="case-number"/>
  <p class="small">
    <xsl:text>证据包：</xsl:text>
    <xsl:value-of select="name"/>
    <xsl:text>。以下截图由监测程序的浏览器在所列时间生成，原图在证据包 05-截图 文件夹。文件名带“标注”的由原图加框制成，框内为涉嫌内容，只为便于查看，不代替原图。长页分段排印，各段首尾相接。</xsl:text>
  </p>
  <xsl:if test="captures/capture/shot">
    <table>
      <thead>
        <tr><th class="n" scope="col">序号</th><th scope="col">截图</th></tr>
      </thead>
      <tbody>
        <xsl:for-each select="captures/capture/shot">
          <tr>
            <td class="n"><xsl:value-of select="position()"/></td>
            <td>
              <xsl:value-of select="file"/>
              <xsl:value-of select="concat('（', @width, '×', @height, '像素）')"/>
            </td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:if>
  <xsl:if test="not(captures/capture/shot)">
    <p>本证据包没有截图。</p>
  </xsl:if>
  <div class="sign">
    <p>执法人员（签名）：<span class="blank">&#160;</span>　<span class="blank">&#160;</span>　日期：<span class="blank">&#160;</span></p>
  </div>
  <div class="todo">
    <p class="label">待填写</p>
    <ul>
      <xsl:call-template name="todo-number"/>
      <li>签名和日期（每张加盖骑缝章或逐张签名，依单位规定）</li>
    </ul>
  </div>
  <xsl:for-each select="captures/capture/shot">
    <xsl:call-template name="slice">
      <xsl:with-param name="shot" select="position()"/>
      <xsl:with-param name="height" select="@height * $wide div @width"/>
    </xsl:call-template>
  </xsl:for-each>
</xsl:template>

<!-- 一段一张纸。 -->
<xsl:template name="slice">
  <xsl:param name="shot"/>
  <xsl:param name="height"/>
  <xsl:param name="n" select="1"/>
  <xsl:variable name="from" select="($n - 1) * $high"/>
  <xsl:variable name="count" select="ceiling($height div $high)"/>
  <xsl:variable name="left" select="$height - $from"/>
  <div class="sheet">
    <p class="label">
      <xsl:text>截图 </xsl:text>
      <xsl:value-of select="$shot"/>
      <xsl:text>　</xsl:text>
      <xsl:choose>
        <xsl:when test="@kind = 'full'">整页</xsl:when>
        <xsl:otherwise>首屏</xsl:otherwise>
      </xsl:choose>
      <xsl:if test="@marked = 'yes'">（标注）</xsl:if>
      <xsl:if test="$count &gt; 1">
        <xsl:value-of select="concat('　第 ', $n, ' 段，共 ', $count, ' 段')"/>
      </xsl:if>
    </p>
    <div class="small">
      <div>网址：<xsl:value-of select="../url"/></div>
      <div>
        <xsl:text>截取时间：</xsl:text>
        <xsl:call-template name="time">
          <xsl:with-param name="at" select="../at"/>
        </xsl:call-template>
      </div>
      <div>SHA-256：<span class="digest"><xsl:value-of select="sha256"/></span></div>
      <xsl:if test="string(sm3)">
        <div>SM3：<span class="digest"><xsl:value-of select="sm3"/></span></div>
      </xsl:if>
    </div>
    <div class="shot">
      <xsl:attribute name="style">
        <xsl:text>height:</xsl:text>
        <xsl:choose>
          <xsl:when test="$left &lt; $high"><xsl:value-of select="$left"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$high"/></xsl:otherwise>
        </xsl:choose>
        <xsl:text>mm</xsl:text>
      </xsl:attribute>
      <img alt="" src="{concat('../', substring-after(file, 'data/'))}" style="top:-{$from}mm"/>
    </div>
  </div>
  <xsl:if test="$n &lt; $count and $n &lt; 100">
    <xsl:call-template name="slice">
      <xsl:with-param name="shot" select="$shot"/>
      <xsl:with-param name="height" select="$height"/>
      <xsl:with-param name="n" select="$n + 1"/>
    </xsl:call-template>
  </xsl:if>
</xsl:template>

</xsl:stylesheet>
